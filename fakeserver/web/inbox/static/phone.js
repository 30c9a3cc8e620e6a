// The phone view: the conversation between a number and the account, and replies from that number.

import { attempt, call, errorOutput } from "./api.js";
import { field, h } from "./dom.js";
import { clockTime, dateOf, fullTime, isBefore, truncate } from "./format.js";
import { KeyedRows } from "./keyed_rows.js";
import { bubble } from "./message.js";
import { codeButton, statusBadge } from "./messages.js";
import { normaliseNumber } from "./normalise.js";

const NUMBERS_MAX = 100;
const BUBBLES_MAX = 300;
const TEXT_LENGTH_MAX = 80;
const NEAR_END_PX = 40;

export function phoneView(store, href, address) {
  const number = address && normaliseNumber(address);
  const title = number ? `Phone ${number}` : "Phone";
  const input = h("input", { type: "tel", value: number ?? "", placeholder: "0912 123 4567", required: true });
  const form = h("form", { class: "filters", onsubmit: (event) => {
    event.preventDefault();
    location.hash = href("phone", normaliseNumber(input.value));
  } }, field("Number", input), h("button", { class: "primary" }, "Show conversation"));
  const back = number ? h("p", { class: "back" }, h("a", { href: href("phone") }, "← All numbers")) : null;
  const { element, update, onShown } = number ? handset(store, href, number) : numberList(store, href);
  update();
  return {
    title,
    element: h("section", { class: "page" }, back, h("h1", { tabindex: "-1" }, title), form, element),
    onChange: { messages: update, inbound: update, clock: update },
    onShown,
  };
}

/** The numbers that have received or sent a message, latest first. */
function numberList(store, href) {
  const list = h("ul", { class: "numbers", "aria-label": "Numbers, latest first" });
  const empty = h("p", { class: "empty" },
    "No messages yet. The receivers of messages are listed here. Enter any number above to see its conversation and to reply from it.");
  const rows = new KeyedRows({
    id: (one) => one.number,
    source: () => null,
    version: (one) => `${one.at} ${one.text}`,
    render: (one) => h("a", { href: href("phone", one.number) }, h("strong", {}, one.number), " ",
      h("span", { class: "text", dir: "auto" }, truncate(one.text, TEXT_LENGTH_MAX))),
  });
  function update() {
    const found = latestTexts(store);
    rows.show(list, found);
    empty.hidden = found.length > 0;
    list.hidden = found.length === 0;
  }
  return { element: h("div", {}, list, empty), update };
}

/** The last text to or from each number, latest first. */
function latestTexts(store) {
  const found = new Map();
  for (const { numbers, at, text } of newestFirst(store)) {
    for (const number of numbers) if (!found.has(number)) found.set(number, { number, at, text });
    if (found.size >= NUMBERS_MAX) break;
  }
  return [...found.values()].slice(0, NUMBERS_MAX);
}

/** All messages in both directions, newest first. Of two with the same time, the inbound one counts as newer. */
function* newestFirst({ messages, inbound }) {
  let message = messages.length - 1;
  let reply = inbound.length - 1;
  while (message >= 0 || reply >= 0) {
    if (reply < 0 || (message >= 0 && isBefore(inbound[reply].at, messages[message].acceptedAt))) {
      const { receivers, acceptedAt, text } = messages[message--];
      yield { numbers: receivers.map((receiver) => receiver.number), at: acceptedAt, text };
    } else {
      const { from, at, text } = inbound[reply--];
      yield { numbers: [from], at, text };
    }
  }
}

function handset(store, href, number) {
  const list = h("ol", { class: "conversation", tabindex: "0", "aria-label": `Conversation of ${number}` });
  const empty = h("p", { class: "empty" }, "No messages to or from this number");
  const rows = new KeyedRows({
    id: (one) => one.id,
    source: (one) => one.message ?? one.inbound,
    version: (one) => `${one.receiver?.history.length ?? 0} ${dateOf(store.now())}`,
    render: (one, row) => renderBubble(one, row, store, href),
  });
  function update() {
    const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_END_PX;
    const found = conversation(store, number).slice(-BUBBLES_MAX);
    rows.show(list, found);
    empty.hidden = found.length > 0;
    list.hidden = found.length === 0;
    if (isAtEnd) list.scrollTop = list.scrollHeight;
  }
  return {
    element: h("div", { class: "handset" }, list, empty, replyForm(store, number)),
    update,
    onShown: () => { list.scrollTop = list.scrollHeight; },
  };
}

/** The messages between a number and the account, oldest first. */
function conversation(store, number) {
  const incoming = store.messages.flatMap((message) => message.receivers
    .filter((receiver) => receiver.number === number)
    .map((receiver) => ({ id: `message ${message.sendID}`, at: message.acceptedAt, message, receiver })));
  const outgoing = store.inbound.filter((one) => one.from === number)
    .map((inbound) => ({ id: `inbound ${inbound.id}`, at: inbound.at, inbound }));
  return [...incoming, ...outgoing].sort((one, other) => isBefore(other.at, one.at) - isBefore(one.at, other.at));
}

/** Incoming and outgoing are seen from the phone: its outgoing messages are the inbound ones of the account. */
function renderBubble({ at, message, receiver, inbound }, row, store, href) {
  const timestamp = h("span", { class: "timestamp", title: fullTime(at) }, clockTime(at, store.now()));
  row.className = inbound ? "outgoing" : "incoming";
  if (inbound) return [bubble(inbound.text), h("p", { class: "bubble-footer" }, timestamp, ` to ${inbound.to}`)];
  return [
    bubble(message.text),
    h("p", { class: "bubble-footer" }, timestamp, " ", h("a", { href: href("messages", message.sendID) }, `from ${message.from}`), " ",
      statusBadge(receiver), message.codes.slice(0, 1).map(codeButton)),
  ];
}

function replyForm(store, number) {
  const { path } = store;
  const text = h("textarea", { rows: 2, dir: "auto", required: true });
  const lines = h("select", {}, (store.account?.lines ?? []).map((line) => h("option", { value: line.number }, line.number)));
  const output = errorOutput();
  const lastSender = conversation(store, number).findLast((one) => one.message)?.message.from;
  if (lastSender && [...lines.options].some((option) => option.value === lastSender)) lines.value = lastSender;
  return h("form", { class: "reply-form", onsubmit: async (event) => {
    event.preventDefault();
    await attempt(output, async () => {
      await call("POST", `${path}/inbound`, { from: number, text: text.value, to: lines.value });
      text.value = "";
    });
    text.focus();
  } }, field("Reply", text), field("To line", lines), h("button", { class: "primary" }, "Send"), output);
}
