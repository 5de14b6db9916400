// The line to the helpline: one WebSocket that comes back by itself. What goes over it stands in docs/web-protocol.md.

const LONGEST_WAIT = 15000;
const SILENCE = 60000; // the server gives a sign of life every 25 seconds
const ANSWER_WITHIN = 12000; // it takes a message up at once, or says that it is busy

// hello() gives the first frame; heard(frame) takes every frame; up(again) and down() follow the line.
export class Line {
  constructor(hello, heard, up, down) {
    this.hello = hello;
    this.heard = heard;
    this.up = up;
    this.down = down;
    this.socket = null;
    this.tries = 0;
    this.opened = false;
    this.closed = false;
    this.heardAt = 0;
    this.waitsSince = 0;
    this.timer = null;
    setInterval(() => this.watch(), 5000);
    addEventListener("online", () => this.hurry());
    document.addEventListener("visibilitychange", () => document.hidden || this.hurry());
    this.open();
  }

  get ready() {
    return this.socket !== null && this.socket.readyState === 1;
  }

  open() {
    clearTimeout(this.timer);
    const scheme = location.protocol === "https:" ? "wss://" : "ws://";
    let socket;
    try {
      socket = new WebSocket(scheme + location.host + "/talk");
    } catch (refused) {
      return; // the form still works
    }
    this.socket = socket;
    this.heardAt = Date.now();
    socket.onopen = () => {
      if (socket !== this.socket) return;
      const again = this.opened;
      this.tries = 0;
      this.opened = true;
      socket.send(JSON.stringify(this.hello()));
      this.up(again);
    };
    socket.onmessage = (event) => {
      if (socket !== this.socket) return;
      this.heardAt = Date.now();
      this.waitsSince = 0;
      this.heard(JSON.parse(event.data));
    };
    socket.onclose = () => this.lost(socket);
  }

  // Whether the frame went out. Nothing is queued here: what was typed stays in the text box until it can go.
  send(frame) {
    if (!this.ready) return false;
    this.socket.send(JSON.stringify(frame));
    if (!this.waitsSince) this.waitsSince = Date.now();
    return true;
  }

  lost(socket) {
    if (socket !== this.socket || this.closed) return;
    this.socket = null;
    this.waitsSince = 0;
    if (this.opened) this.down();
    const wait = Math.min(LONGEST_WAIT, 500 * Math.pow(2, this.tries)) * (0.7 + 0.6 * Math.random());
    this.tries += 1;
    this.timer = setTimeout(() => this.open(), wait);
  }

  // A line can be dead without being closed: in a tunnel, or when the telephone has slept.
  watch() {
    const socket = this.socket;
    if (socket === null || this.closed) return;
    const now = Date.now();
    const unanswered = this.waitsSince && now - this.waitsSince > ANSWER_WITHIN;
    if (unanswered || now - this.heardAt > SILENCE) {
      this.lost(socket);
      socket.close();
    }
  }

  hurry() {
    this.watch();
    if (this.socket === null && !this.closed) {
      this.tries = 0;
      this.open();
    }
  }

  close() {
    this.closed = true;
    clearTimeout(this.timer);
    if (this.socket !== null) this.socket.close();
  }
}
