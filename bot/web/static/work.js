// A little work before a new chat, asked for only while very many come at once: a number is looked for until the SHA-256 of the challenge,
// a colon and the number begins with enough zero bits. See docs/web-protocol.md.

const SLICE = 12; // milliseconds of looking before the page may do something else
const AT_ONCE = 32;

// The number as text; null where the browser has nothing to look with (plain http): then waiting is accepted instead.
// going() says whether anybody still wants the answer.
export async function solve(challenge, bits, going) {
  if (!window.crypto || !crypto.subtle || !window.TextEncoder) return null;
  const encoder = new TextEncoder();
  let number = 0;
  while (going()) {
    const until = performance.now() + SLICE;
    while (performance.now() < until) {
      const tries = [];
      for (let one = 0; one < AT_ONCE; one += 1) {
        tries.push(crypto.subtle.digest("SHA-256", encoder.encode(challenge + ":" + (number + one))));
      }
      const found = (await Promise.all(tries)).findIndex((digest) => zeros(new Uint8Array(digest)) >= bits);
      if (found >= 0) return String(number + found);
      number += AT_ONCE;
    }
    await pause(4);
  }
  return null;
}

export function pause(milliseconds) {
  return new Promise((resume) => setTimeout(resume, milliseconds));
}

function zeros(bytes) {
  let count = 0;
  for (const byte of bytes) {
    if (byte) return count + Math.clz32(byte) - 24;
    count += 8;
  }
  return count;
}
