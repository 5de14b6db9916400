// A mark over the end of the room while more is further down: an answer is read from its beginning, and its choices may be out of sight.

export function markBelow(room, end, mark) {
  if (!window.IntersectionObserver) return; // an old browser: one scrolls as ever
  const watch = new IntersectionObserver((seen) => (mark.hidden = seen[seen.length - 1].isIntersecting), { root: room });
  watch.observe(end);
  mark.addEventListener("click", () => (room.scrollTop += room.clientHeight * 0.8));
}
