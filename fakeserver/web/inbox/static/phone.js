// A handset: the conversation of one number with the account, and an answer from it.

import { attempt, call, refusal } from "./api.js";
import { field, h } from "./dom.js";
import { bubble } from "./message.js";
import { codeButton, status } from "./messages.js";
import { Rows } from "./rows.js";
import { beginning, clockTime, day, fullTime, isBefore, normalised } from "./words.js";

const NUMBERS_SHOWN = 100;
const BUBBLES_SHOWN = 300;
const TEXT_SHOWN = 80;

export function phoneView(store, href, address) {
  const number = address && normalised(address);
  const title = number ? `Phone ${number}` : "Phone";
  const input = h("input", { type: "tel", value: number ?? "", placeholder: "0912 123 4567", required: true });
  const pick = h("form", { class: "filters", onsubmit: (event) => {
    event.preventDefault();
    location.hash = href("phone", normalised(input.value));
  } }, field("Number", input), h("button", { class: "primary" }, "Show its conversation"));
  const back = number ? h("p", { class: "back" }, h("a", { href: href("phone") }, "← All numbers")) : null;
  const { element, show, shown } = number ? handset(store, href, number) : phones(store, href);
  show();
  return {
    title,
    element: h("section", { class: "page" }, back, h("h1", { tabindex: "-1" }, title), pick, element),
    topics: { messages: show, inbound: show, clock: show },
    shown,
  };
}

/** Whoever was written to, or has written; the latest first. */
function phones(store, href) {
  const list = h("ul", { class: "phones", "aria-label": "Numbers, the latest first" });
  const none = h("p", { class: "empty" }, "Once a message was sent, its receivers are listed here. Pick one, or any number above, "
    + "to see its conversation as on a handset, and to answer from it.");
  const rows = new Rows({
    id: (one) => one.number,
    source: () => null,
    version: (one) => `${one.at} ${one.text}`,
    make: (one) => h("a", { href: href("phone", one.number) }, h("strong", {}, one.number), " ",
      h("span", { class: "text", dir: "auto" }, beginning(one.text, TEXT_SHOWN))),
  });
  function show() {
    const found = latest(store);
    rows.show(list, found);
    none.hidden = found.length > 0;
    list.hidden = found.length === 0;
  }
  return { element: h("div", {}, list, none), show };
}

/** The last text to or from each number, the latest first. */
function latest(store) {
  const found = new Map();
  for (const { numbers, at, text } of backwards(store)) {
    for (const number of numbers) if (!found.has(number)) found.set(number, { number, at, text });
    if (found.size >= NUMBERS_SHOWN) break;
  }
  return [...found.values()].slice(0, NUMBERS_SHOWN);
}

/** What was sent and what has arrived, the latest first; of the same time, an answer is the later. */
function* backwards({ messages, inbound }) {
  let sent = messages.length - 1;
  let arrived = inbound.length - 1;
  while (sent >= 0 || arrived >= 0) {
    if (arrived < 0 || (sent >= 0 && isBefore(inbound[arrived].at, messages[sent].acceptedAt))) {
      const { receivers, acceptedAt, text } = messages[sent--];
      yield { numbers: receivers.map((receiver) => receiver.number), at: acceptedAt, text };
    } else {
      const { from, at, text } = inbound[arrived--];
      yield { numbers: [from], at, text };
    }
  }
}

function handset(store, href, number) {
  const talk = h("ol", { class: "talk", tabindex: "0", "aria-label": `Conversation of ${number}` });
  const none = h("p", { class: "empty" }, "Nothing was sent to this number, and nothing has come from it.");
  const rows = new Rows({
    id: (one) => one.id,
    source: (one) => one.message ?? one.inbound,
    version: (one) => `${one.receiver?.history.length ?? 0} ${day(store.now())}`,
    make: (one, node) => said(one, node, store, href),
  });
  function show() {
    const atEnd = talk.scrollHeight - talk.scrollTop - talk.clientHeight < 40;
    const found = conversation(store, number).slice(-BUBBLES_SHOWN);
    rows.show(talk, found);
    none.hidden = found.length > 0;
    talk.hidden = found.length === 0;
    if (atEnd) talk.scrollTop = talk.scrollHeight;
  }
  return {
    element: h("div", { class: "handset" }, talk, none, answerForm(store, number)),
    show,
    shown: () => { talk.scrollTop = talk.scrollHeight; },
  };
}

/** What was said between a number and the account, in order. */
function conversation(store, number) {
  const received = store.messages.flatMap((message) => message.receivers
    .filter((receiver) => receiver.number === number)
    .map((receiver) => ({ id: `to ${message.sendID}`, at: message.acceptedAt, message, receiver })));
  const sent = store.inbound.filter((one) => one.from === number)
    .map((inbound) => ({ id: `from ${inbound.id}`, at: inbound.at, inbound }));
  return [...received, ...sent].sort((one, other) => isBefore(other.at, one.at) - isBefore(one.at, other.at));
}

function said({ at, message, receiver, inbound }, node, store, href) {
  const stamp = h("span", { class: "stamp", title: fullTime(at) }, clockTime(at, store.now()));
  node.className = inbound ? "ours" : "theirs";
  if (inbound) return [bubble(inbound.text), h("p", { class: "under" }, stamp, ` to ${inbound.to}`)];
  return [
    bubble(message.text),
    h("p", { class: "under" }, stamp, " ", h("a", { href: href("messages", message.sendID) }, `from ${message.from}`), " ",
      status(receiver), message.codes.slice(0, 1).map(codeButton)),
  ];
}

function answerForm(store, number) {
  const { path } = store;
  const text = h("textarea", { rows: 2, dir: "auto", required: true });
  const lines = h("select", {}, (store.account?.lines ?? []).map((line) => h("option", { value: line.number }, line.number)));
  const told = refusal();
  const last = conversation(store, number).findLast((one) => one.message)?.message.from;
  if (last && [...lines.options].some((option) => option.value === last)) lines.value = last;
  return h("form", { class: "answer", onsubmit: async (event) => {
    event.preventDefault();
    await attempt(told, async () => {
      await call("POST", `${path}/inbound`, { from: number, text: text.value, to: lines.value });
      text.value = "";
    });
    text.focus();
  } }, field("Answer", text), field("To line", lines), h("button", { class: "primary" }, "Send"), told);
}
