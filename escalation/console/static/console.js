// On every page of those who answer or supervise: the live line, the switch for duty (theirs who answer), who waits.

import { Refused, ask } from "./ask.js";
import { line, listen, open } from "./live.js";
import { lookAtQueue } from "./waiting.js";
import { refreshTimes, words } from "./words.js";

const available = document.getElementById("available");
const trouble = document.getElementById("trouble");

function showTrouble(sentence, signIn = false) {
  trouble.hidden = !sentence;
  trouble.querySelector("span").textContent = sentence;
  trouble.querySelector("a").hidden = !signIn;
}

let switching = false; // while it is being told, what the server last knew must not turn the switch back

available?.addEventListener("change", async () => {
  const wanted = available.checked;
  switching = true;
  try {
    await ask("PUT", "/api/duty", { available: wanted });
  } catch (refused) {
    if (!(refused instanceof Refused)) throw refused;
    available.checked = !wanted;
    showTrouble(refused.status === 401 ? words.say.signed_out : refused.message, refused.status === 401);
  } finally {
    switching = false;
  }
});

async function look(has) {
  if (!has("queue")) return;
  try {
    await lookAtQueue();
    if (has("") && available) {
      const me = await ask("GET", "/api/me");
      if (!switching) available.checked = me.available;
    }
    showTrouble("");
  } catch (refused) {
    if (!(refused instanceof Refused)) throw refused;
    if (refused.status === 401) showTrouble(words.say.signed_out, true);
    else showTrouble(words.say.offline);
  }
}

listen(look);
setInterval(refreshTimes, 15000);
setInterval(() => {
  if (available?.checked && !line.open) ask("POST", "/api/duty/beat").catch(() => {});
}, 30000);
refreshTimes();
open();
