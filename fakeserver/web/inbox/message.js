// One message: as a phone would show it, what has become of it, the request that made it, and what can be done.

import { deed } from "./api.js";
import { fill, h } from "./dom.js";
import { call } from "./api.js";
import { requestDetails } from "./journal.js";
import { codeButton, status } from "./messages.js";
import { fullTime, pair, plural, rials, word } from "./words.js";

const RECEIVERS_SHOWN = 100;
const DELIVERED = { processingStatus: 2, sendStatus: 3 };
const FAILED = { processingStatus: 2, sendStatus: 4 };

export function messageView(store, href, sendID) {
  const body = h("div", {});
  let unknown = null;

  async function show() {
    const message = store.byId.get(sendID);
    if (message) {
      fill(body, details(store, href, message));
    } else if (unknown === null && !store.loading) {
      unknown = true;
      fill(body, h("p", { class: "empty" }, "There is no such message, or the account keeps it no longer."));
    }
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

function details(store, href, message) {
  const command = (text, path, document) => deed(text, async () => {
    store.replace(await call("POST", `${store.path}/messages/${message.sendID}/${path}`, document));
  });
  const made = store.journal.find((entry) => entry.sendID === message.sendID);
  return h("div", { class: "columns" },
    h("div", { class: "phone", "aria-label": "As a phone shows it", role: "group" },
      h("p", { class: "sender" }, message.from),
      h("p", { class: "bubble theirs", dir: "auto" }, message.text),
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
      h("ul", { class: "receivers" }, message.receivers.slice(0, RECEIVERS_SHOWN).map((one) => receiver(one, href))),
      message.receivers.length > RECEIVERS_SHOWN
        ? h("p", {}, `… and ${plural(message.receivers.length - RECEIVERS_SHOWN, "other")}`) : null,
      h("h2", {}, "The request that made it"),
      made ? requestDetails(store, made) : h("p", {}, "The journal no longer has it.")));
}

function fact(name, value) {
  return h("div", {}, h("dt", {}, name), h("dd", {}, value));
}

function receiver(one, href) {
  return h("li", {},
    h("p", { class: "head" },
      h("a", { href: href("phone", one.number) }, one.number), status(one),
      one.refunded ? h("span", { class: "note" }, `${rials(one.cost)} refunded`) : null,
      one.attempts > 1 ? h("span", { class: "note" }, plural(one.attempts, "attempt")) : null),
    h("ol", { class: "timeline", "aria-label": `History of ${one.number}` }, one.history.map((step) =>
      h("li", {}, h("time", { datetime: step.at }, step.at.split("T")[1].replace("Z", "")), " ", word(step), " ",
        h("small", {}, pair(step))))));
}
