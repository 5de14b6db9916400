// What is known of a case, written into the slots of the templates. Only text is ever written, never markup.

import { since, word, words } from "./words.js";

const slot = (root, name) => root.querySelector(`[data-slot=${name}]`);

function put(root, name, text) {
  const place = slot(root, name);
  if (place && place.textContent !== text) place.textContent = text;
}

function badge(root, name, value, text) {
  const place = slot(root, name);
  if (place.dataset.value === value) return;
  place.dataset.value = value;
  place.querySelector("use").setAttribute("href", `#icon-${value}`);
  place.lastElementChild.textContent = text;
}

/** Fill the slots below `root` with a case of the API. */
export function fill(root, found) {
  badge(root, "urgency", found.urgency, word("urgency", found.urgency));
  badge(root, "presence", found.presence, word("presence", found.presence));
  slot(root, "can-return").hidden = !found.can_return;
  put(root, "categories", found.categories.map((category) => word("category", category)).join(", "));
  put(root, "perspective", word("perspective", found.perspective));
  put(root, "language", found.language);
  put(root, "channel", word("channel", found.channel));
  put(root, "country", found.country ?? words.say.no_country);
  slot(root, "since").dateTime = found.opened_at;
  put(root, "since", since(found.opened_at));
  const because = slot(root, "because");
  if (because.children.length !== found.because.length) because.replaceChildren(...found.because.map(reason));
}

function reason(text) {
  const item = document.createElement("li");
  item.dir = "auto";
  item.textContent = text;
  return item;
}

/** Show these cases as cards in this order; a card that is there already stays, and keeps the focus in it. */
export function showCards(list, cases, prepare = () => {}) {
  const present = new Map([...list.children].map((card) => [card.dataset.case, card]));
  const wanted = cases.map((found) => {
    const card = present.get(found.id) ?? document.getElementById("card").content.firstElementChild.cloneNode(true);
    card.dataset.case = found.id;
    card.dataset.urgency = found.urgency;
    fill(card, found);
    prepare(card, found);
    return card;
  });
  for (const card of [...list.children]) if (!wanted.includes(card)) card.remove();
  wanted.forEach((card, at) => {
    if (list.children[at] !== card) list.insertBefore(card, list.children[at] ?? null);
  });
}
