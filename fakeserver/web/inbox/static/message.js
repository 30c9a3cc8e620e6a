// One message: as a phone would show it, what has become of it, the request that made it, and what can be done.

import { call, deed, Problem } from "./api.js";
import { fill, h } from "./dom.js";
import { requestDetails } from "./journal.js";
import { codeButton, status } from "./messages.js";
import { Rows } from "./rows.js";
import { exactTime, fullTime, pair, plural, rials, word } from "./words.js";

const RECEIVERS_SHOWN = 100;
const LONG = 500; // characters, beyond which the bubble may have to be scrolled
const DELIVERED = { processingStatus: 2, sendStatus: 3 };
const FAILED = { processingStatus: 2, sendStatus: 4 };

export function messageView(store, href, sendID) {
  const body = h("div", {});
  const none = h("p", { class: "empty" }, "There is no such message, or the account keeps it no longer.");
  let shown = null; // { message, update }
  let asked = null; // the load after which it was asked for

  function show() {
    const message = store.byId.get(sendID);
    if (!message) {
      shown = null;
      fill(body, none);
      if (asked !== store.turn && store.knowsNotAll && Number.isSafeInteger(sendID)) {
        asked = store.turn;
        store.readMessage(sendID).catch(unknown);
      }
      return;
    }
    // After a reset another message may have the same id.
    if (shown?.message !== message) {
      const { element, update } = details(store, href, message);
      shown = { message, update };
      fill(body, element);
    }
    shown.update();
  }

  show();
  return {
    title: `Message ${sendID}`,
    element: h("section", { class: "page" },
      h("p", { class: "back" }, h("a", { href: href("messages") }, "← Messages")),
      h("h1", { tabindex: "-1" }, `Message ${sendID}`), body),
    topics: { messages: show, journal: show },
  };
}

function unknown(error) {
  if (!(error instanceof Problem)) throw error;
}

/** The message's element, made once; `update` shows what has become of it. */
function details(store, href, message) {
  const address = `${store.path}/messages/${message.sendID}`;
  const command = (text, path, document) => deed(text, async () => {
    store.replace(await call("POST", `${address}/${path}`, document));
  });
  const receivers = h("ul", { class: "receivers" });
  const rows = new Rows({
    id: (one) => one.number,
    version: (one) => one.history.length,
    make: (one) => receiver(one, message, href),
  });
  const request = h("div", {}, h("p", {}, "It is not among the latest requests any more."));
  let made = null;

  function update() {
    rows.show(receivers, message.receivers.slice(0, RECEIVERS_SHOWN));
    if (made) return;
    made = store.journal.findLast((entry) => entry.sendID === message.sendID);
    if (made) fill(request, requestDetails(store, made));
  }

  const element = h("div", { class: "columns" },
    h("div", { class: "phone", "aria-label": "As a phone shows it", role: "group" },
      h("p", { class: "sender" }, message.from),
      bubble(message.text, "theirs"),
      h("p", { class: "stamp" }, fullTime(message.acceptedAt)),
      message.codes.length ? h("p", { class: "codes" }, message.codes.map(codeButton)) : null),
    h("div", { class: "stack" },
      h("dl", { class: "facts" },
        fact("Action", message.action), fact("From", message.from), fact("Cost", rials(message.cost)),
        fact("Size", `${message.alphabet}, ${plural(message.parts, "part")}`), fact("Accepted", fullTime(message.acceptedAt))),
      h("div", { class: "deeds", role: "group", "aria-label": "The panel's doing" },
        command("Approve", "approve"), command("Cancel", "cancel"),
        command("Deliver", "status", DELIVERED), command("Fail", "status", FAILED)),
      h("h2", {}, plural(message.receivers.length, "receiver")),
      receivers,
      message.receivers.length > RECEIVERS_SHOWN
        ? h("p", {}, `… and ${plural(message.receivers.length - RECEIVERS_SHOWN, "other")}`) : null,
      h("h2", {}, "The request that made it"),
      request));
  return { element, update };
}

/** A text as a phone shows it; a long one is scrolled, with the keyboard too. */
export function bubble(text, whose = "") {
  const scrolled = text.length > LONG ? { tabindex: "0", role: "group", "aria-label": "The text" } : {};
  return h("div", { class: `bubble ${whose}`, dir: "auto", ...scrolled }, text);
}

function fact(name, value) {
  return h("div", {}, h("dt", {}, name), h("dd", {}, value));
}

function receiver(one, message, href) {
  return [
    h("p", { class: "head" },
      h("a", { href: href("phone", one.number) }, one.number), status(one),
      one.refunded ? h("span", { class: "note" }, `${rials(one.cost)} refunded`) : null,
      one.attempts > 1 ? h("span", { class: "note" }, plural(one.attempts, "attempt")) : null),
    h("ol", { class: "timeline", "aria-label": `History of ${one.number}` }, one.history.map((step) =>
      h("li", {}, h("time", { datetime: step.at }, exactTime(step.at, message.acceptedAt)), " ",
        h("span", {}, word(step), " ", h("small", {}, pair(step)))))),
  ];
}
