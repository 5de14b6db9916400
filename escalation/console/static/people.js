// The administrators' page.

import { ask, attempt } from "./ask.js";
import { say, words } from "./words.js";

const refusal = document.getElementById("refusal");
const link = document.getElementById("link");
const invite = document.getElementById("invite");
const done = document.getElementById("done");

invite.addEventListener("submit", async (event) => {
  event.preventDefault();
  await attempt(refusal, async () => {
    const roles = new FormData(invite).getAll("role");
    const { path } = await ask("POST", "/api/people/invitations", { roles });
    link.value = new URL(path, location.origin).href;
    document.getElementById("copied").textContent = "";
    document.getElementById("invitation").hidden = false;
    link.select();
  });
});

invite.addEventListener("change", () => {
  invite.querySelector("button").disabled = !invite.querySelector("input:checked");
});

document.getElementById("copy").addEventListener("click", async () => {
  link.select();
  await navigator.clipboard.writeText(link.value);
  document.getElementById("copied").textContent = words.say.copied;
});

const acts = {
  async disable(place, name) {
    const { team_key_rotated: rotated } = await ask("POST", `${place}/disable`);
    if (rotated) document.getElementById("invitation").hidden = true;
    return say(rotated ? words.say.rotated : words.say.disabled, { name });
  },
  async "reset-second-factor"(place, name) {
    await ask("POST", `${place}/reset-second-factor`);
    return say(words.say.reset, { name });
  },
};

document.getElementById("people").addEventListener("click", ({ target }) => {
  const button = target.closest("[data-act]");
  if (!button) return;
  const person = button.closest("[data-person]");
  const name = person.querySelector("strong").textContent;
  const sure = document.getElementById(`sure-${button.dataset.act}`);
  sure.querySelector("[data-slot=name]").textContent = name;
  sure.returnValue = "no";
  sure.onclose = async () => {
    if (sure.returnValue !== "yes") return;
    await attempt(refusal, async () => {
      done.textContent = await acts[button.dataset.act](`/api/people/${person.dataset.person}`, name);
      done.hidden = false;
      button.closest(".acts").remove(); // the page shows the rest when it is opened again
    });
  };
  sure.showModal();
});
