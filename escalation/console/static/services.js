// The list of services: everything that was reviewed can be published at once.

import { ask, attempt } from "./ask.js";

const refusal = document.getElementById("refusal");
const publish = document.getElementById("publish");

publish?.addEventListener("click", async () => {
  publish.disabled = true;
  const editions = publish.dataset.editions.split(" ").map(Number);
  if (await attempt(refusal, () => ask("POST", publish.dataset.place, { editions }))) location.reload();
  publish.disabled = false;
});
