// The queue's page.

import { ask, attempt } from "./ask.js";
import { showCards } from "./facts.js";
import { watchQueue } from "./waiting.js";
import { say, words } from "./words.js";

const cards = document.getElementById("cards");

watchQueue(({ waiting, on_duty: onDuty }) => {
  showCards(cards, waiting);
  document.getElementById("nobody").hidden = waiting.length > 0;
  const sentence = { 0: words.duty.none, 1: words.duty.one }[onDuty] ?? words.duty.many;
  document.getElementById("on-duty").textContent = say(sentence, { n: onDuty });
});

cards.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-act=claim]");
  if (!button) return;
  const card = button.closest(".card");
  button.disabled = true;
  const took = await attempt(
    card.querySelector(".refusal"),
    () => ask("POST", `/api/cases/${card.dataset.case}/claim`),
    (refused) => (refused.status === 409 ? words.say.taken : refused.message),
  );
  if (took) location.assign(`/cases/${card.dataset.case}`);
  else button.disabled = false;
});
