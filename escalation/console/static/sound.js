// A short soft sound, made by the browser itself. Whether it is wanted is remembered in this browser only.

import { words } from "./words.js";

const KEY = "helpline-console-sound";
const button = document.getElementById("sound");
let wanted = localStorage.getItem(KEY) !== "off";
let audio = null;

function show() {
  button.setAttribute("aria-pressed", String(wanted));
  button.textContent = wanted ? words.say.sound_on : words.say.sound_off;
}

/** Two tones, if a sound is wanted and the browser allows it (it does once the page was clicked). */
export function ring() {
  if (!wanted) return;
  audio ??= new AudioContext();
  if (audio.state !== "running") return void audio.resume();
  [660, 880].forEach((pitch, at) => {
    const begin = audio.currentTime + at * 0.18;
    const tone = audio.createOscillator();
    const loudness = audio.createGain();
    tone.frequency.value = pitch;
    loudness.gain.setValueAtTime(0.0001, begin);
    loudness.gain.exponentialRampToValueAtTime(0.15, begin + 0.02);
    loudness.gain.exponentialRampToValueAtTime(0.0001, begin + 0.35);
    tone.connect(loudness).connect(audio.destination);
    tone.start(begin);
    tone.stop(begin + 0.4);
  });
}

button.addEventListener("click", () => {
  wanted = !wanted;
  localStorage.setItem(KEY, wanted ? "on" : "off");
  show();
  ring();
});
addEventListener("pointerdown", () => (audio ??= new AudioContext()).resume(), { once: true });
show();
