// Who waits, known on every page: the number in the title and the navigation, and a sound when somebody new waits.

import { ask } from "./ask.js";
import { ring } from "./sound.js";
import { say, word, words } from "./words.js";

const ownTitle = document.title;
const watchers = new Set();
let known = null;

/** Call `seen(queue)` with each new state of the queue. */
export function watchQueue(seen) {
  watchers.add(seen);
}

/** Look at the queue and show what is new. */
export async function lookAtQueue() {
  const queue = await ask("GET", "/api/queue");
  const waiting = queue.waiting.filter((found) => found.presence !== "gone");
  document.title = (waiting.length ? say(words.title.waiting, { n: waiting.length }) : "") + ownTitle;
  const count = document.getElementById("waiting-count");
  count.hidden = !waiting.length;
  count.textContent = waiting.length;
  const fresh = known ? waiting.filter((found) => !known.has(found.id)) : [];
  known = new Set(waiting.map((found) => found.id));
  if (fresh.length) {
    ring();
    const urgency = word("urgency", fresh[0].urgency);
    document.getElementById("announcement").textContent = say(words.title.new, { urgency });
  }
  for (const seen of watchers) seen(queue);
}
