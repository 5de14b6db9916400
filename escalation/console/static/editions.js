// What can be decided about an open edition, of a text or of a service.

import { ask } from "./ask.js";

const decide = (act) => (edition) => ask("POST", `/api/texts/editions/${edition}/${act}`);

export const decisions = (section) => ({
  review: decide("review"),
  publish: decide("publish"),
  leave: decide("leave"),
  "send-back": (edition) => ask("POST", `/api/texts/editions/${edition}/send-back`, { reason: section.querySelector("[data-reason]").value }),
});
