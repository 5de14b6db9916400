// The texts of a language: many can be found right, or published, at once. The list keeps its search and its place.

import { ask, attempt } from "./ask.js";
import { say, words } from "./words.js";

const TOLD = "texts-refused"; // what was refused, told after the list was loaded again
const refusal = document.getElementById("refusal");
const approve = document.getElementById("approve");
const publish = document.getElementById("publish");

function read() {
  return [...document.querySelectorAll("[data-approvable]")].map(({ dataset: { key, version } }) => ({ key, version }));
}

async function once(button, body) {
  button.disabled = true;
  await attempt(refusal, async () => {
    const { refused = [] } = await ask("POST", button.dataset.place, body);
    if (refused.length) {
      const sentence = refused.length === 1 ? words.say.refused_text : words.say.refused_texts;
      sessionStorage.setItem(TOLD, say(sentence, { n: refused.length, keys: refused.join(", ") }));
    }
    location.reload();
  });
  button.disabled = false;
}

if (approve) approve.hidden = !read().length;
approve?.addEventListener("click", () => once(approve, { texts: read() }));
publish?.addEventListener("click", () => once(publish, { editions: publish.dataset.editions.split(" ").map(Number) }));

const told = sessionStorage.getItem(TOLD);
if (told) {
  sessionStorage.removeItem(TOLD);
  refusal.textContent = told;
  refusal.hidden = false;
  refusal.scrollIntoView({ block: "center" });
}
