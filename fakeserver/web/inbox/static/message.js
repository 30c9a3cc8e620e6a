// The view of one message: how a phone shows it, its statuses, its request, and actions.

import { actionButton, call, ignoreApiError } from "./api.js";
import { h, setChildren } from "./dom.js";
import { exactTime, fullTime, plural, rials, statusLabel, statusNumbers } from "./format.js";
import { requestDetails } from "./journal.js";
import { KeyedRows } from "./keyed_rows.js";
import { codeButton, statusBadge } from "./messages.js";
import { DELIVER_STATUS, FAIL_STATUS } from "./protocol.js";

const RECEIVERS_MAX = 100;
const SCROLLABLE_LENGTH = 500; // characters, from which on a bubble may have to be scrolled

export function messageView(store, href, sendID) {
  const body = h("div", {});
  const notFound = h("p", { class: "empty" }, "Message not found. The account may no longer keep it.");
  let shown = null; // { message, update }
  let requestedLoad = null; // the load after which the message was read

  function update() {
    const message = store.messagesById.get(sendID);
    if (!message) {
      shown = null;
      setChildren(body, notFound);
      if (requestedLoad !== store.loadCount && store.mayHaveOlderMessages && Number.isSafeInteger(sendID)) {
        requestedLoad = store.loadCount;
        store.readMessage(sendID).catch(ignoreApiError);
      }
      return;
    }
    // After a reset, a new message may have the same id.
    if (shown?.message !== message) {
      const details = messageDetails(store, href, message);
      shown = { message, update: details.update };
      setChildren(body, details.element);
    }
    shown.update();
  }

  update();
  return {
    title: `Message ${sendID}`,
    element: h("section", { class: "page" },
      h("p", { class: "back" }, h("a", { href: href("messages") }, "← Messages")),
      h("h1", { tabindex: "-1" }, `Message ${sendID}`), body),
    onChange: { messages: update, journal: update },
  };
}

/** The element of a message, which is created once, and a function that updates its statuses. */
function messageDetails(store, href, message) {
  const path = `${store.path}/messages/${message.sendID}`;
  const commandButton = (text, subpath, document) => actionButton(text, async () => {
    store.updateMessage(await call("POST", `${path}/${subpath}`, document));
  });
  const receivers = h("ul", { class: "receivers" });
  const rows = new KeyedRows({
    id: (receiver) => receiver.number,
    version: (receiver) => receiver.history.length,
    render: (receiver) => renderReceiver(receiver, message, href),
  });
  const request = h("div", {}, h("p", {}, "The journal no longer keeps this request."));
  let entry = null;

  function update() {
    rows.show(receivers, message.receivers.slice(0, RECEIVERS_MAX));
    if (entry) return;
    entry = store.journal.findLast((one) => one.sendID === message.sendID);
    if (entry) setChildren(request, requestDetails(store, entry));
  }

  const element = h("div", { class: "columns" },
    h("div", { class: "phone", "aria-label": "Phone preview", role: "group" },
      h("p", { class: "sender" }, message.from),
      bubble(message.text, "incoming"),
      h("p", { class: "timestamp" }, fullTime(message.acceptedAt)),
      message.codes.length ? h("p", { class: "codes" }, message.codes.map(codeButton)) : null),
    h("div", { class: "stack" },
      h("dl", { class: "properties" },
        property("Action", message.action), property("From", message.from), property("Cost", rials(message.cost)),
        property("Size", `${message.alphabet}, ${plural(message.parts, "part")}`), property("Accepted", fullTime(message.acceptedAt))),
      h("div", { class: "actions", role: "group", "aria-label": "Message actions" },
        commandButton("Approve", "approve"), commandButton("Cancel", "cancel"),
        commandButton("Deliver", "status", DELIVER_STATUS), commandButton("Fail", "status", FAIL_STATUS)),
      h("h2", {}, plural(message.receivers.length, "receiver")),
      receivers,
      message.receivers.length > RECEIVERS_MAX
        ? h("p", {}, `and ${message.receivers.length - RECEIVERS_MAX} more`) : null,
      h("h2", {}, "Request"),
      request));
  return { element, update };
}

/** A text in a speech bubble. A long one can be scrolled with the keyboard. */
export function bubble(text, direction = "") {
  const attributes = text.length > SCROLLABLE_LENGTH ? { tabindex: "0", role: "group", "aria-label": "Message text" } : {};
  return h("div", { class: `bubble ${direction}`, dir: "auto", ...attributes }, text);
}

function property(name, value) {
  return h("div", {}, h("dt", {}, name), h("dd", {}, value));
}

function renderReceiver(receiver, message, href) {
  return [
    h("p", { class: "summary" },
      h("a", { href: href("phone", receiver.number) }, receiver.number), statusBadge(receiver),
      receiver.refunded ? h("span", { class: "note" }, `${rials(receiver.cost)} refunded`) : null,
      receiver.attempts > 1 ? h("span", { class: "note" }, plural(receiver.attempts, "attempt")) : null),
    h("ol", { class: "timeline", "aria-label": `Status history of ${receiver.number}` }, receiver.history.map((step) =>
      h("li", {}, h("time", { datetime: step.at }, exactTime(step.at, message.acceptedAt)), " ",
        h("span", {}, statusLabel(step), " ", h("small", {}, statusNumbers(step)))))),
  ];
}
