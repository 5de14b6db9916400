// The page of the chats that one has taken.

import { Refused, ask } from "./ask.js";
import { showCards } from "./facts.js";
import { listen } from "./live.js";

const cards = document.getElementById("cards");

listen(async (has) => {
  const mine = [...cards.children].some((card) => has(`case:${card.dataset.case}`));
  if (!has("queue") && !mine) return;
  try {
    const { chats } = await ask("GET", "/api/chats");
    showCards(cards, chats, (card, found) => {
      card.querySelector("[data-slot=open]").href = `/cases/${found.id}`;
    });
    document.getElementById("nobody").hidden = chats.length > 0;
  } catch (refused) {
    if (!(refused instanceof Refused)) throw refused; // what is wrong is shown above (console.js)
  }
});
