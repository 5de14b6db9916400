// Asking the console's API.

import { words } from "./words.js";

/** The console said no; `status` is 0 when it did not answer at all. The message is fit to be shown. */
export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

let pageToken = document.querySelector("meta[name=page-token]").content;

/**
 * Ask, and return what was answered (null when there is nothing to say). Raises Refused.
 * A page that stayed open over a new sign-in gets the new session's token first, so that no draft is lost.
 */
export async function ask(method, path, body) {
  let answer = await send(method, path, body);
  if (answer.status === 403 && method !== "GET") {
    const me = await send("GET", "/api/me");
    const { page_token: fresh } = me.ok ? await me.json() : {};
    if (fresh && fresh !== pageToken) {
      pageToken = fresh;
      answer = await send(method, path, body);
    }
  }
  const told = answer.status === 204 ? null : await answer.json().catch(() => null);
  if (!answer.ok) throw new Refused(answer.status, told?.error ?? words.say.no_answer);
  return told;
}

async function send(method, path, body) {
  const headers = { "X-Helpline-Token": pageToken };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  try {
    return await fetch(path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: "no-store",
      credentials: "same-origin",
      signal: AbortSignal.timeout(10000),
    });
  } catch {
    throw new Refused(0, words.say.no_answer);
  }
}

/** Do something and show below it why it could not be done; returns whether it could. */
export async function attempt(place, action, explain = (refused) => refused.message) {
  place.hidden = true;
  try {
    await action();
    return true;
  } catch (refused) {
    if (!(refused instanceof Refused)) throw refused;
    place.textContent = explain(refused);
    place.hidden = false;
    return false;
  }
}
