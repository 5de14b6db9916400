// Makes the page a chat. Without this file the same page is a plain form, and stays one as long as the line has never been up.

import { markBelow } from "./below.js";
import { Dialogue } from "./dialogue.js";
import { Line } from "./line.js";
import { pause, solve } from "./work.js";

const form = document.getElementById("page");
const box = document.getElementById("text");
const note = document.getElementById("note");
const room = document.getElementById("room");
const languages = document.getElementById("locale");
const words = Object.assign({}, form.dataset);
const most = Number(words.most);
const dialogue = new Dialogue(document.getElementById("dialogue"), room, words);
const desktop = matchMedia("(hover: hover) and (pointer: fine)").matches;

let count = 0;
let unanswered = []; // what was sent and not yet taken up: {n, text, item}
let held = []; // what was written before the helpline has shown its screen: {frame, shown, text, item}
let settled = false; // whether it has, since the line came up
let shift = 0; // which work is being done; any later one ends it
let working = false;
let typing = null;
let noted = null;

document.documentElement.classList.add("scripted");
room.className = "";
dialogue.toEnd();
if (!document.querySelector(".bubble.child")) room.scrollTop = 0;

markBelow(room, document.getElementById("end"), document.getElementById("below"));

// The token lives in this page only: no cookie, no storage, no address.
const hello = () => ({ token: form.elements.token.value, locale: languages.value });

const line = new Line(hello, heard, up, down);

function up(again) {
  unsettle();
  if (again) say("back", 4000);
}

function down() {
  busy(false);
  unsettle();
  say("lost");
}

function heard(frame) {
  if (frame.work) work(frame.work);
  if (frame.token) form.elements.token.value = frame.token;
  if (frame.screen) returned(frame.screen);
  if (frame.bubbles) {
    busy(false);
    dialogue.add(frame.bubbles);
    settle();
  }
  if (frame.words) speak(frame);
  if (frame.busy === true) busy(true);
  if (frame.busy === false) {
    busy(false);
    unanswered = unanswered.filter((sent) => sent.n !== frame.n);
  }
  if (frame.error) refused(frame);
}

// After (re)connecting the server's screen counts. A message it has never seen goes back into the text box.
function returned(screen) {
  const waiting = unanswered;
  unanswered = [];
  busy(false);
  dialogue.draw(screen);
  const theirs = screen.filter((bubble) => bubble.speaker === "child").map((bubble) => bubble.text);
  giveBack(waiting.filter((sent) => sent.text && theirs.indexOf(sent.text.trim()) < 0 && theirs.indexOf(sent.text) < 0));
  if (!theirs.length) room.scrollTop = 0; // nothing said yet: the page shows its beginning
  settle();
}

function unsettle() {
  settled = false;
  shift += 1;
}

// Now what was held goes out, in its order.
function settle() {
  if (settled) return;
  settled = true;
  shift += 1;
  if (working) say("");
  working = false;
  const waiting = held;
  held = [];
  waiting.forEach((one) => {
    if (one.item && one.item.parentNode) one.item.parentNode.removeChild(one.item);
    if (!deliver(one.frame, one.shown, one.text)) giveBack([one]);
  });
}

// Very many come at once. What is written meanwhile is held here; whoever waits longer than a moment sees where to call.
async function work(asked) {
  const first = !working;
  working = true;
  shift += 1;
  const mine = shift;
  say("busy_work");
  if (first) setTimeout(() => working && dialogue.add(asked.meanwhile), 3000);
  const proof = await solve(asked.challenge, asked.bits, () => mine === shift);
  if (proof === null) await pause(asked.seconds * 1000);
  if (mine !== shift) return;
  line.send(proof === null ? { work: asked.challenge } : { work: asked.challenge, proof: proof });
}

function refused(frame) {
  const sent = unanswered.filter((one) => one.n === frame.n);
  unanswered = unanswered.filter((one) => one.n !== frame.n);
  sent.forEach((one) => one.item && one.item.parentNode && one.item.parentNode.removeChild(one.item));
  giveBack(sent);
  if (frame.error === "slow") say("slow", 6000);
}

function giveBack(messages) {
  const texts = messages.map((sent) => sent.text).filter(Boolean);
  if (!texts.length) return;
  box.value = texts.concat(box.value ? [box.value] : []).join("\n");
  grow();
  say("unsent");
}

function sendText() {
  const text = box.value;
  if (!text.trim()) return;
  if (Array.from(text).length > most) {
    say("too_long");
    return;
  }
  if (!deliver({ kind: "text", text: text }, text, text)) return;
  box.value = "";
  grow();
}

function deliver(frame, shown, text) {
  if (line.ready && !settled) {
    held.push({ frame: frame, shown: shown, text: text, item: shown && dialogue.append(drawn(shown)) });
    return true;
  }
  count += 1;
  frame.n = count;
  if (!line.send(frame)) {
    say("lost");
    line.hurry();
    return false;
  }
  say("");
  unanswered.push({ n: count, text: text, item: shown && dialogue.append(drawn(shown)) });
  return true;
}

function drawn(shown) {
  return { speaker: "child", text: shown, locale: languages.value, dir: "auto", buttons: [] };
}

form.addEventListener("submit", (event) => {
  if (line.opened) event.preventDefault();
});

form.addEventListener("click", (event) => {
  const pressed = event.target.closest("button, a.skip");
  if (!pressed) return;
  if (pressed.id === "leave") {
    event.preventDefault();
    leave();
  } else if (pressed.className === "skip") {
    event.preventDefault();
    box.focus();
  } else if (line.opened) {
    event.preventDefault();
    if (pressed.name === "tap") deliver({ kind: "tap", tap: pressed.value }, pressed.textContent.trim(), "");
    else if (pressed.id === "send") sendText();
    if (pressed.id === "send" && desktop) box.focus();
  }
});

box.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229 || !desktop) return;
  event.preventDefault();
  document.getElementById("send").click();
});

box.addEventListener("input", grow);

languages.addEventListener("change", () => {
  if (line.opened) deliver({ kind: "language", locale: languages.value }, "", "");
  else form.querySelector("button[value=language]").click();
});

// Nobody waits for anything here: the server is told, the page is emptied, and another one takes its place in the history.
function leave() {
  const token = form.elements.token.value;
  const neutral = words.neutral;
  line.send({ kind: "exit" });
  if (navigator.sendBeacon) navigator.sendBeacon("/", new URLSearchParams({ token: token, action: "gone" }));
  clear();
  try {
    top.location.replace(neutral); // another site may show this page in a frame: out of that one too
  } catch (forbidden) {
    location.replace(neutral);
  }
}

// "Back" must not show what was here.
function clear() {
  line.closed = true;
  box.value = "";
  document.body.textContent = "";
}

addEventListener("pagehide", clear);
addEventListener("pageshow", (event) => event.persisted && location.replace("/"));

function speak(frame) {
  Object.assign(words, frame.words);
  document.documentElement.lang = frame.locale;
  document.documentElement.dir = frame.dir;
  document.title = words.title;
  box.placeholder = words.placeholder;
  box.setAttribute("aria-label", words.placeholder);
  languages.value = frame.locale;
  form.elements.shown.value = frame.locale;
  const named = document.querySelectorAll("[data-word]");
  for (let index = 0; index < named.length; index += 1) named[index].textContent = words[named[index].getAttribute("data-word")];
}

// Dots only for what takes longer than a blink.
function busy(yes) {
  clearTimeout(typing);
  if (yes) typing = setTimeout(() => dialogue.busy(true), 300);
  else dialogue.busy(false);
}

function say(word, milliseconds) {
  clearTimeout(noted);
  note.textContent = word ? words[word] : "";
  if (milliseconds) noted = setTimeout(() => say(""), milliseconds);
}

function grow() {
  box.style.height = "auto";
  box.style.height = Math.min(box.scrollHeight + 2, 144) + "px";
}
