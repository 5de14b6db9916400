// A case's page: the thread as it grows, writing to the child, and the end.

import { Refused, ask, attempt } from "./ask.js";
import { fill } from "./facts.js";
import { listen } from "./live.js";
import { clock, say, word, words } from "./words.js";

const main = document.getElementById("main");
const thread = document.getElementById("thread");
const reply = document.getElementById("reply");
const text = document.getElementById("text");
const refusal = document.getElementById("refusal");
const api = `/api/cases/${main.dataset.case}`;

function draw(said) {
  const line = document.getElementById("line").content.firstElementChild.cloneNode(true);
  const slot = (name) => line.querySelector(`[data-slot=${name}]`);
  line.dataset.author = said.author;
  slot("author").textContent = word("author", said.author);
  slot("clock").dateTime = said.at;
  slot("clock").textContent = clock(said.at);
  slot("text").replaceChildren(
    ...said.pieces.map((piece) => {
      if (!piece.alarming) return document.createTextNode(piece.text);
      const mark = document.createElement("mark");
      mark.textContent = piece.text;
      return mark;
    }),
  );
  return line;
}

const toBeShown = document.getElementById("to-be-shown");
const shownList = document.getElementById("shown-list");
const SHOWN_FOR = 60000;

/** Offer what the child lets one see once; what is on the screen just now stays until its minute is over. */
function offer(placeholders) {
  for (const item of [...shownList.children]) {
    if (!item.dataset.shown && !placeholders.includes(placeholderOf(item))) item.remove();
  }
  const known = [...shownList.children].filter((item) => !item.dataset.shown).map(placeholderOf);
  for (const placeholder of placeholders.filter((name) => !known.includes(name))) {
    const item = document.getElementById("shown-item").content.firstElementChild.cloneNode(true);
    item.querySelector("[data-slot=placeholder]").textContent = placeholder;
    item.querySelector("button").setAttribute("aria-label", `${words.say.show} ${placeholder}`);
    shownList.append(item);
  }
  toBeShown.hidden = !shownList.children.length;
}

function placeholderOf(item) {
  return item.querySelector("[data-slot=placeholder]").textContent;
}

function forget(item) {
  item.querySelector("[data-slot=piece]").textContent = "";
  item.remove();
  toBeShown.hidden = !shownList.children.length;
}

shownList.addEventListener("click", async ({ target }) => {
  const item = target.closest("[data-act=show]")?.closest("li");
  if (!item) return;
  item.dataset.shown = "yes";
  item.querySelector("button").hidden = true;
  const told = await attempt(document.getElementById("shown-refusal"), async () => {
    const { piece } = await ask("POST", `${api}/shown`, { placeholder: placeholderOf(item) });
    item.querySelector("[data-slot=piece]").textContent = piece;
    item.querySelector("[data-slot=until]").hidden = false;
  });
  if (told) setTimeout(() => forget(item), SHOWN_FOR);
  else forget(item);
});

// A browser may keep a page that was left, to go back to quickly: nothing that was shown may be on it.
addEventListener("pagehide", () => {
  for (const item of [...shownList.children]) if (item.dataset.shown) forget(item);
});

/** Show the thread; lines never change, so only new ones are added, and a screen reader reads only those. */
function show({ case: found, lines, to_be_shown: placeholders }) {
  const atEnd = innerHeight + scrollY >= document.documentElement.scrollHeight - 120;
  const had = thread.children.length;
  if (lines.length < had) return location.reload(); // handed back in another window: the words are not shown any more
  fill(main, found);
  main.dataset.state = found.state;
  main.dataset.presence = found.presence;
  main.toggleAttribute("data-can-return", found.can_return);
  offer(placeholders);
  const ended = main.querySelector("[data-slot=outcome]");
  ended.textContent = found.outcome ? `: ${word("outcome", found.outcome)}` : "";
  thread.append(...lines.slice(had).map(draw));
  lines.forEach((said, at) => {
    thread.children[at].querySelector("[data-slot=undelivered]").hidden = !said.undelivered;
  });
  if (lines.length > had && atEnd) toEnd();
}

function toEnd() {
  (reply.offsetParent ? reply : thread).scrollIntoView({ block: "end" });
}

let looking = Promise.resolve();

/** Look again, one after the other, so that an older answer never comes on top of a newer one. */
function look() {
  looking = looking.then(async () => show(await ask("GET", api)));
  const looked = looking;
  looking = looking.catch(() => {});
  return looked;
}

listen(async (has) => {
  if (!has(`case:${main.dataset.case}`)) return;
  try {
    await look();
  } catch (refused) {
    if (!(refused instanceof Refused)) throw refused;
    if (refused.status === 403 || refused.status === 404) location.reload(); // taken by somebody else, or deleted
  }
});

reply.addEventListener("submit", async (event) => {
  event.preventDefault();
  const draft = text.value;
  if (!draft.trim() || reply.dataset.sending) return;
  reply.dataset.sending = "yes";
  const sent = await attempt(
    refusal,
    () => ask("POST", `${api}/replies`, { text: draft }),
    ({ message }) => say(words.say.not_sent, { why: message }),
  );
  delete reply.dataset.sending;
  if (!sent) return;
  if (text.value === draft) text.value = "";
  await look().catch(() => {});
  toEnd();
});

text.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  reply.requestSubmit();
});

addEventListener("beforeunload", (event) => {
  if (text.value.trim() && reply.offsetParent) event.preventDefault();
});

async function leaveTo(page, path, body) {
  if (await attempt(refusal, () => ask("POST", `${api}/${path}`, body))) {
    text.value = "";
    location.assign(page);
  }
}

document.getElementById("close").addEventListener("submit", (event) => {
  event.preventDefault();
  leaveTo("/chats", "close", { outcome: document.getElementById("outcome").value });
});

document.getElementById("hand-back").addEventListener("submit", (event) => {
  event.preventDefault();
  leaveTo("/", "hand-back");
});

main.querySelector("[data-act=claim]").addEventListener("click", async () => {
  const took = await attempt(
    refusal,
    () => ask("POST", `${api}/claim`),
    (refused) => (refused.status === 409 ? words.say.taken : refused.message),
  );
  if (took) location.reload();
});

toEnd();
