// The page of one text: it is shown as a child will see it, and looked over, while it is written.

import { ask, attempt } from "./ask.js";
import { decisions } from "./editions.js";
import { words } from "./words.js";

const PAUSE = 400; // milliseconds after the last key before the text is looked over
const sections = [...document.querySelectorAll("[data-text]")];

// What was written and not saved. Whoever decides about a draft decides about the saved one, so first it is saved or taken back.
function changed(section) {
  const field = section.querySelector("textarea");
  return field.value !== field.defaultValue;
}

for (const section of sections) {
  const { text: place, version } = section.dataset;
  const field = section.querySelector("textarea");
  const findings = section.querySelector(".findings");
  const refusal = section.querySelector(".refusal");
  const saved = section.querySelector("[role=status]");
  const deciding = [...section.querySelectorAll("[data-act]:not([data-act=draft]):enabled")];
  let waiting = 0;

  function preview() {
    for (const shown of section.querySelectorAll("[data-preview]")) shown.textContent = field.value;
    for (const button of deciding) button.disabled = changed(section);
  }

  async function look() {
    const text = field.value;
    const found = await ask("POST", `${place}/look`, { version, text });
    if (text !== field.value) return; // it has been written on meanwhile
    findings.replaceChildren(
      ...found.map(({ says, grave }) => {
        const item = document.createElement("li");
        item.textContent = says;
        item.classList.toggle("grave", grave);
        return item;
      }),
    );
  }

  field.addEventListener("input", () => {
    saved.hidden = true;
    preview();
    clearTimeout(waiting);
    waiting = setTimeout(() => attempt(refusal, look), PAUSE);
  });

  const seen = () => Number(section.dataset.seen);
  const acts = {
    async draft() {
      const text = field.value;
      const { id } = await ask("POST", `${place}/draft`, { version, text, seen: seen() });
      section.dataset.seen = id;
      field.defaultValue = text; // from here on it is saved
      saved.hidden = false;
    },
    ...decisions,
    "roll-back": (_, to) => ask("POST", `${place}/roll-back`, { version, to: Number(to), seen: seen() }),
  };

  section.addEventListener("click", async ({ target }) => {
    const button = target.closest("[data-act]");
    if (!button) return;
    button.disabled = true;
    const done = await attempt(refusal, () => acts[button.dataset.act](button.dataset.edition, button.dataset.to));
    button.disabled = false;
    preview();
    if (done && !sections.some(changed)) location.reload();
  });

  preview();
}

addEventListener("beforeunload", (event) => {
  if (!sections.some(changed)) return;
  event.preventDefault();
  event.returnValue = words.say.unsaved;
});
