// The live line: says what has changed. While it is down, everything is looked at every five seconds.

const POLL = 5000;
const SILENCE = 45000; // the console says something at least every 30 seconds
const FIRST_WAIT = 500;
const LONGEST_WAIT = 15000;

const listeners = new Set();
let wait = FIRST_WAIT;
let polling = null;
let watching = null;
let trying = null;

export const line = { open: false };

/** Call `heard(has)` when something has changed; `has(topic)` says whether this topic is meant. */
export function listen(heard) {
  listeners.add(heard);
}

function tell(changed) {
  const has = (topic) => changed.includes("") || changed.includes(topic);
  for (const heard of listeners) heard(has);
}

/** Open the line and keep it open for as long as the page is there. */
export function open() {
  clearTimeout(trying);
  trying = null;
  const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/live`);
  const watch = () => {
    clearTimeout(watching);
    watching = setTimeout(() => socket.close(), SILENCE);
  };
  watch();
  socket.onopen = () => {
    line.open = true;
    wait = FIRST_WAIT;
    clearInterval(polling);
    polling = null;
    watch();
    tell([""]);
  };
  socket.onmessage = (message) => {
    watch();
    tell(JSON.parse(message.data).changed);
  };
  socket.onclose = () => {
    line.open = false;
    clearTimeout(watching);
    polling ??= setInterval(() => tell([""]), POLL);
    trying = setTimeout(open, wait * (0.5 + Math.random() / 2));
    wait = Math.min(wait * 2, LONGEST_WAIT);
  };
}

addEventListener("online", () => trying && open());
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && trying && open());
