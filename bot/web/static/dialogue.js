// The dialogue on the screen. Text is only ever put in as text: what looks like HTML is shown as it was written.

export class Dialogue {
  constructor(list, room, words) {
    this.list = list;
    this.room = room;
    this.words = words;
    this.typing = null;
  }

  // Replace everything by what the server knows.
  draw(bubbles) {
    this.list.textContent = "";
    this.typing = null;
    const items = bubbles.map((bubble) => this.append(bubble));
    const said = bubbles.map((bubble) => bubble.speaker).lastIndexOf("child");
    if (said >= 0) this.from(items[said + 1]);
  }

  add(bubbles) {
    if (bubbles.some(offers)) this.withdraw();
    const items = bubbles.map((bubble) => this.append(bubble));
    this.from(items[0]);
  }

  // An answer longer than the screen is read from its beginning; a mark says that there is more (below.js).
  from(item) {
    if (!item) return;
    const above = this.room.getBoundingClientRect().top + 8 - item.getBoundingClientRect().top;
    if (above > 0) this.room.scrollTop -= above;
  }

  append(bubble) {
    if (bubble.speaker !== "helpline") this.withdraw();
    const item = element("li", "bubble " + bubble.speaker);
    item.lang = bubble.locale;
    const name = element("span", "speaker", this.words[bubble.speaker === "child" ? "you" : bubble.speaker]);
    name.setAttribute("data-word", bubble.speaker === "child" ? "you" : bubble.speaker);
    const text = element("p", "text", bubble.text);
    text.dir = bubble.dir;
    item.appendChild(name);
    item.appendChild(text);
    if (bubble.buttons.length) item.appendChild(choices(bubble));
    this.list.insertBefore(item, this.typing);
    this.toEnd();
    return item;
  }

  // Only the choices of the latest answer can be made; telephone links stay.
  withdraw() {
    const old = this.list.querySelectorAll("button.choice");
    for (let index = 0; index < old.length; index += 1) old[index].disabled = true;
  }

  busy(yes) {
    if (this.typing !== null) this.list.removeChild(this.typing);
    this.typing = null;
    if (!yes) return;
    const item = element("li", "bubble helpline typing");
    const dots = element("p", "text");
    dots.setAttribute("role", "img");
    dots.setAttribute("aria-label", this.words.typing);
    for (let dot = 0; dot < 3; dot += 1) dots.appendChild(document.createElement("i"));
    item.appendChild(dots);
    this.typing = this.list.appendChild(item);
    this.toEnd();
  }

  toEnd() {
    this.room.scrollTop = this.room.scrollHeight;
  }
}

function offers(bubble) {
  return bubble.buttons.some((button) => button.tap.indexOf("tel:") !== 0);
}

function choices(bubble) {
  const row = element("div", "buttons");
  row.dir = bubble.dir;
  bubble.buttons.forEach((button) => {
    const call = button.tap.indexOf("tel:") === 0;
    const choice = element(call ? "a" : "button", call ? "choice call" : "choice", button.label);
    if (call) {
      choice.href = button.tap;
    } else {
      choice.name = "tap";
      choice.value = button.tap;
    }
    row.appendChild(choice);
  });
  return row;
}

function element(tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}
