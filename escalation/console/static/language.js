// The texts of a language: many can be found right, or published, at once.

import { ask, attempt } from "./ask.js";

const refusal = document.getElementById("refusal");
const approve = document.getElementById("approve");
const publish = document.getElementById("publish");

function read() {
  return [...document.querySelectorAll("[data-standing=shipped]")].map(({ dataset: { key, version } }) => ({ key, version }));
}

if (approve) approve.hidden = !read().length;

async function once(button, body) {
  button.disabled = true;
  if (await attempt(refusal, () => ask("POST", button.dataset.place, body))) location.reload();
  button.disabled = false;
}

approve?.addEventListener("click", () => once(approve, { texts: read() }));
publish?.addEventListener("click", () => once(publish, { editions: publish.dataset.editions.split(" ").map(Number) }));
