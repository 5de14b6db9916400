// The page of one text: it is shown as a child will see it, and looked over, while it is written.

import { ask, attempt } from "./ask.js";
import { decisions } from "./editions.js";
import { say, words } from "./words.js";

const PAUSE = 400; // milliseconds after the last key before the text is looked over
const sections = [...document.querySelectorAll("[data-text]")];

// What was written and not saved. Whoever decides about a draft decides about the saved one, so first it is saved or taken back.
function changed(section) {
  return fieldsOf(section).some((field) => field.value !== field.defaultValue);
}

// One field, or one for each form where numbers want their own.
function fieldsOf(section) {
  return [...section.querySelectorAll("textarea")];
}

for (const section of sections) {
  const { text: place, version, many } = section.dataset;
  const examples = JSON.parse(section.dataset.examples);
  const fields = fieldsOf(section);
  const findings = section.querySelector(".findings");
  const refusal = section.querySelector(".refusal");
  const saved = section.querySelector("[role=status]");
  const deciding = [...section.querySelectorAll("[data-act]:not([data-act=draft]):enabled")];
  let waiting = 0;

  const text = () => (many === undefined ? fields[0].value : fields.map((field) => field.value));
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

  // As a child sees it: an example in every placeholder's place, and each form with its own number.
  function preview() {
    for (const phone of section.querySelectorAll(".phone")) {
      for (const [index, shown] of [...phone.querySelectorAll("[data-preview]")].entries()) {
        const { value, dataset } = fields[index];
        shown.textContent = say(value, many === undefined ? examples : { ...examples, n: dataset.number });
      }
    }
    for (const button of deciding) button.disabled = changed(section);
  }

  async function look() {
    const written = text();
    const found = await ask("POST", `${place}/look`, { version, text: written });
    if (!same(written, text())) return; // it has been written on meanwhile
    findings.replaceChildren(
      ...found.map(({ says, grave }) => {
        const item = document.createElement("li");
        item.textContent = says;
        item.classList.toggle("grave", grave);
        return item;
      }),
    );
  }

  for (const field of fields) {
    field.addEventListener("input", () => {
      saved.hidden = true;
      preview();
      clearTimeout(waiting);
      waiting = setTimeout(() => attempt(refusal, look), PAUSE);
    });
  }

  const seen = () => Number(section.dataset.seen);
  const acts = {
    async draft() {
      const written = fields.map((field) => field.value);
      const { id } = await ask("POST", `${place}/draft`, { version, text: text(), seen: seen() });
      section.dataset.seen = id;
      fields.forEach((field, index) => (field.defaultValue = written[index])); // from here on it is saved
      saved.hidden = false;
    },
    ...decisions(section),
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
