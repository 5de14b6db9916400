// The supervisors' page: who is available and who has which chat, as it changes.

import { Refused, ask, attempt } from "./ask.js";
import { showCards } from "./facts.js";
import { listen } from "./live.js";

const cards = document.getElementById("cards");
const onDuty = document.getElementById("on-duty");

async function look() {
  try {
    const { on_duty: names, taken } = await ask("GET", "/api/team/now");
    onDuty.textContent = names.join(", ") || onDuty.dataset.nobody;
    showCards(cards, taken, (card, found) => {
      card.querySelector("[data-slot=counsellor]").textContent = found.counsellor;
    });
    document.getElementById("nobody").hidden = taken.length > 0;
  } catch (refused) {
    if (!(refused instanceof Refused)) throw refused; // what is wrong is shown above (console.js)
  }
}

listen((has) => {
  const shown = [...cards.children].some((card) => has(`case:${card.dataset.case}`));
  if (has("queue") || shown) look();
});

cards.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-act=take-back]");
  if (!button) return;
  const card = button.closest(".card");
  button.disabled = true;
  const path = `/api/team/cases/${card.dataset.case}/take-back`;
  if (!(await attempt(card.querySelector(".refusal"), () => ask("POST", path)))) button.disabled = false;
  await look();
});
