// The page of one text: it is shown as a child will see it, and looked over, while it is written.

import { ask, attempt } from "./ask.js";
import { words } from "./words.js";

const PAUSE = 400; // milliseconds after the last key before the text is looked over

for (const section of document.querySelectorAll("[data-text]")) {
  const { text: place, version, seen } = section.dataset;
  const field = section.querySelector("textarea");
  const findings = section.querySelector(".findings");
  const refusal = section.querySelector(".refusal");
  const written = field.value;
  let waiting = 0;

  function preview() {
    for (const shown of section.querySelectorAll("[data-preview]")) shown.textContent = field.value;
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
    preview();
    clearTimeout(waiting);
    waiting = setTimeout(() => attempt(refusal, look), PAUSE);
  });

  const acts = {
    draft: () => ask("POST", `${place}/draft`, { version, text: field.value, seen: Number(seen) }),
    review: (edition) => ask("POST", `/api/texts/editions/${edition}/review`),
    publish: (edition) => ask("POST", `/api/texts/editions/${edition}/publish`),
    "send-back": (edition) => ask("POST", `/api/texts/editions/${edition}/send-back`),
    "roll-back": (_, to) => ask("POST", `${place}/roll-back`, { version, to: Number(to) }),
  };

  section.addEventListener("click", async ({ target }) => {
    const button = target.closest("[data-act]");
    if (!button) return;
    button.disabled = true;
    const done = await attempt(refusal, () => acts[button.dataset.act](button.dataset.edition, button.dataset.to));
    button.disabled = false;
    if (done) {
      field.defaultValue = field.value; // nothing is lost by going on
      location.reload();
    }
  });

  addEventListener("beforeunload", (event) => {
    if (field.value !== written && field.value !== field.defaultValue) {
      event.preventDefault();
      event.returnValue = words.say.unsaved;
    }
  });

  preview();
}
