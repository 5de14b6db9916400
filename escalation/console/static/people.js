// The administrators' page.

import { ask, attempt } from "./ask.js";
import { words } from "./words.js";

const refusal = document.getElementById("refusal");
const link = document.getElementById("link");
const sure = document.getElementById("sure");

document.getElementById("invite").addEventListener("submit", async (event) => {
  event.preventDefault();
  await attempt(refusal, async () => {
    const role = document.getElementById("role").value;
    const { path } = await ask("POST", "/api/people/invitations", { role });
    link.value = new URL(path, location.origin).href;
    document.getElementById("copied").textContent = "";
    document.getElementById("invitation").hidden = false;
    link.select();
  });
});

document.getElementById("copy").addEventListener("click", async () => {
  link.select();
  await navigator.clipboard.writeText(link.value);
  document.getElementById("copied").textContent = words.say.copied;
});

document.getElementById("people").addEventListener("click", ({ target }) => {
  const person = target.closest("[data-act=disable]")?.closest("[data-person]");
  if (!person) return;
  document.getElementById("sure-name").textContent = person.querySelector("strong").textContent;
  sure.returnValue = "no";
  sure.onclose = async () => {
    if (sure.returnValue !== "yes") return;
    if (await attempt(refusal, () => ask("POST", `/api/people/${person.dataset.person}/disable`))) location.reload();
  };
  sure.showModal();
});
