// The words of the page. They stand in the templates (words.html), so that a translator finds them all in one place.

export const words = JSON.parse(document.getElementById("words").textContent);

/** The word for a code; the code itself when there is none, so that a case can always be read. */
export function word(kind, code) {
  return words[kind][code] ?? code;
}

/** A sentence with its {places} filled. */
export function say(sentence, places = {}) {
  return sentence.replace(/\{(\w+)\}/g, (place, name) => places[name] ?? place);
}

/** How long ago a moment was, in the words of time.html. */
export function since(moment) {
  const minutes = Math.max(0, Math.floor((Date.now() - Date.parse(moment)) / 60000));
  if (minutes < 1) return words.time.now;
  if (minutes < 60) return say(words.time.minutes, { m: minutes });
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return say(words.time.hours, { h: hours, m: minutes % 60 });
  return say(words.time.days, { d: Math.floor(hours / 24), h: hours % 24 });
}

/** A moment on the counsellor's own clock. */
export function clock(moment) {
  return new Date(moment).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}

/** Bring the times on the page up to date. */
export function refreshTimes(root = document) {
  for (const time of root.querySelectorAll("time[data-slot=since]")) time.textContent = since(time.dateTime);
  for (const time of root.querySelectorAll("time[data-slot=clock]")) time.textContent = clock(time.dateTime);
}
