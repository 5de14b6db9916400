// The page of one service: it is looked over while it is written; to confirm or to retire it is a draft like any other.

import { ask, attempt } from "./ask.js";
import { decisions } from "./editions.js";
import { words } from "./words.js";

const PAUSE = 400; // milliseconds after the last key before the service is looked over
const section = document.getElementById("service");
const form = document.getElementById("form");
const refusal = section.querySelector(".refusal");
const { place, today } = section.dataset;
const KNOWN = { "": null, true: true, false: false };

const ticked = (name) => [...form.querySelectorAll(`[name=${name}]:checked`)].map(({ value }) => value);
const typed = (name) => form.elements[name].value.trim();

function written(changes = {}) {
  const texts = ["name", "label", "need", "number", "hours", "source", "seen", "verified", "confirmed_by"];
  return {
    ...Object.fromEntries(texts.map((name) => [name, typed(name)])),
    free: KNOWN[typed("free")],
    anonymous: KNOWN[typed("anonymous")],
    countries: ticked("countries"),
    languages: ticked("languages"),
    retired: section.dataset.retired === "true",
    ...changes,
  };
}

// Nobody is told of mistakes in fields that they have not come to yet.
const touched = new Set();

let saved = JSON.stringify(written());
const changed = () => JSON.stringify(written()) !== saved;

// Whoever decides about a draft decides about the saved one, so first it is saved or taken back.
const deciding = [...section.querySelectorAll("[data-decides]:enabled")];

function hold() {
  for (const button of deciding) button.disabled = changed();
}

async function look() {
  const service = written();
  const { mistakes, hours } = await ask("POST", `${place}/look`, service);
  if (JSON.stringify(service) !== JSON.stringify(written())) return; // it has been written on meanwhile
  for (const field of form.querySelectorAll("[data-field]")) {
    const says = touched.has(field.dataset.field) ? mistakes[field.dataset.field] : "";
    const mistake = field.querySelector(".mistake");
    mistake.textContent = says ? `${words.field[field.dataset.field]} ${says}` : "";
    mistake.hidden = !says;
  }
  document.getElementById("hours-read").textContent = hours;
}

async function draft(changes) {
  const { service } = await ask("POST", `${place}/draft`, { service: written(changes), seen: Number(section.dataset.seen) });
  saved = JSON.stringify(written()); // from here on it is saved
  location.assign(`/services/${service}`);
}

const decided = decisions(section);
const acts = {
  draft: () => draft({}),
  confirm: () => draft({ verified: today, confirmed_by: document.getElementById("confirmer").value }),
  retire: () => draft({ retired: true }),
  back: () => draft({ retired: false }),
  ...decided,
  "roll-back": (_, to) => ask("POST", `${place}/roll-back`, { to: Number(to), seen: Number(section.dataset.seen) }),
};

let waiting = 0;
form.addEventListener("input", ({ target }) => {
  touched.add(target.name);
  hold();
  clearTimeout(waiting);
  waiting = setTimeout(() => attempt(refusal, look), PAUSE);
});
form.addEventListener("submit", (event) => event.preventDefault());

section.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-act]");
  if (!button) return;
  button.disabled = true;
  const { act, edition, to } = button.dataset;
  const done = await attempt(refusal, () => acts[act](edition, to));
  button.disabled = false;
  hold();
  if (done && act in decided) {
    if (act === "leave" && !("told" in section.dataset)) location.assign("/services"); // nothing is left of it
    else location.reload();
  }
  if (done && act === "roll-back") location.reload();
});

addEventListener("beforeunload", (event) => {
  if (!changed()) return;
  event.preventDefault();
  event.returnValue = words.say.unsaved;
});
