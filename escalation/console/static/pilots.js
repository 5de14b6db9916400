// Links with which a group tries drafts out.

import { ask, attempt } from "./ask.js";

const refusal = document.getElementById("refusal");
const form = document.getElementById("pilot");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  await attempt(refusal, async () => {
    const { code } = await ask("POST", "/api/texts/pilots", { name: document.getElementById("pilot-name").value });
    const shown = document.getElementById("code");
    shown.value = `?pilot=${code}`;
    document.getElementById("pilot-link").hidden = false;
    shown.select();
  });
});

document.getElementById("pilots").addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-pilot]");
  if (!button) return;
  if (await attempt(refusal, () => ask("POST", `/api/texts/pilots/${button.dataset.pilot}/end`))) {
    button.closest("li").remove();
  }
});
