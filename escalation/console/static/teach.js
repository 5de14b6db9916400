// Words and examples: looked over while they are written, decided about, and tried or learned in the background with its progress shown.

import { ask, attempt } from "./ask.js";
import { say, words } from "./words.js";

const PAUSE = 400; // milliseconds after the last key before it is looked over
const BEAT = 2000;

for (const form of document.querySelectorAll("[data-teach]")) {
  const place = form.dataset.teach;
  const findings = form.querySelector(".findings");
  const refusal = form.querySelector(".refusal");
  let waiting = 0;

  function written() {
    const filled = [...new FormData(form)].filter(([, value]) => value);
    return { kind: form.dataset.kind, ...Object.fromEntries(filled) };
  }

  function fits() {
    for (const part of form.querySelectorAll("[data-for]")) part.hidden = part.dataset.for !== form.elements.kind.value;
  }

  function complete({ kind, text, gloss, topic, category, urgency }) {
    if (!text) return false;
    return { word: gloss, topic, disclosure: category && urgency, harmless: true }[kind];
  }

  async function look() {
    const asked = written();
    if (!complete(asked)) {
      findings.replaceChildren();
      return;
    }
    const found = await ask("POST", `${place}/look`, asked);
    if (JSON.stringify(asked) !== JSON.stringify(written())) return; // it has been written on meanwhile
    findings.replaceChildren(
      ...found.map(({ says, grave }) => {
        const item = document.createElement("li");
        item.textContent = says;
        item.classList.toggle("grave", grave);
        return item;
      }),
    );
  }

  form.addEventListener("input", () => {
    fits();
    clearTimeout(waiting);
    waiting = setTimeout(() => attempt(refusal, look), PAUSE);
  });

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    button.disabled = true;
    if (await attempt(refusal, () => ask("POST", place, written()))) {
      form.reset();
      location.reload();
    }
    button.disabled = false;
  });

  fits();
}

document.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-decide], [data-ask]");
  if (!button) return;
  button.disabled = true;
  const { decide, ask: wanted } = button.dataset;
  if (await attempt(document.getElementById("refusal"), () => ask("POST", decide ?? wanted))) location.reload();
  else button.disabled = false;
});

const isWriting = () => [...document.querySelectorAll("[data-teach] [name=text]")].some((field) => field.value);

async function follow(shown) {
  const step = shown.querySelector("[data-step]");
  const told = await ask("GET", `/api/words/requests/${shown.dataset.request}`).catch(() => null);
  if (told?.under_way) step.textContent = say(words.say.working, { step: told.step, s: told.seconds });
  else if (told && !isWriting()) return location.reload();
  else if (told) step.textContent = words.say.ready;
  setTimeout(() => follow(shown), BEAT);
}

for (const shown of document.querySelectorAll("[data-under-way]")) setTimeout(() => follow(shown), BEAT);
