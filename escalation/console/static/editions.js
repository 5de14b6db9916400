// What can be decided about an open edition, of a text or of a service.

import { ask } from "./ask.js";

const decide = (act) => (edition) => ask("POST", `/api/texts/editions/${edition}/${act}`);

export const decisions = { review: decide("review"), publish: decide("publish"), "send-back": decide("send-back") };
