// A handset: the conversation of one number with the account, and an answer from it.

import { call } from "./api.js";
import { field, fill, h } from "./dom.js";
import { codeButton, status } from "./messages.js";
import { clockTime, fullTime, normalised } from "./words.js";

const NUMBERS_SHOWN = 200;
const BUBBLES_SHOWN = 300;

export function phoneView(store, href, number) {
  const known = h("datalist", { id: "numbers" });
  const input = h("input", { type: "tel", list: "numbers", value: number ?? "", placeholder: "0912 123 4567", required: true });
  const pick = h("form", { class: "filters", onsubmit: (event) => {
    event.preventDefault();
    location.hash = href("phone", normalised(input.value));
  } }, field("Number", input), h("button", { class: "primary" }, "Show its conversation"), known);
  const talk = h("ol", { class: "talk", "aria-label": number ? `Conversation of ${number}` : "No number chosen" });
  const answer = number ? answerForm(store, number) : null;

  function show() {
    fill(known, numbers(store).map((one) => h("option", { value: one })));
    if (!number) return;
    const atEnd = talk.scrollHeight - talk.scrollTop - talk.clientHeight < 40;
    const bubbles = conversation(store, number).slice(-BUBBLES_SHOWN);
    fill(talk, bubbles.length ? bubbles.map((one) => bubble(one, store, href))
      : h("li", { class: "empty" }, "Nothing was sent to this number, and nothing has come from it."));
    if (atEnd) talk.scrollTop = talk.scrollHeight;
  }

  show();
  return {
    title: number ? `Phone ${number}` : "Phone",
    element: h("section", { class: "page" },
      h("h1", { tabindex: "-1" }, number ? `Phone ${number}` : "Phone"), pick,
      number ? h("div", { class: "handset" }, talk, answer)
        : h("p", { class: "empty" }, "Pick a number to see its conversation as on a handset, and to answer from it.")),
    topics: { messages: show, inbound: show },
    shown: () => { talk.scrollTop = talk.scrollHeight; },
  };
}

function numbers(store) {
  const found = new Set();
  for (let place = store.inbound.length - 1; place >= 0; place -= 1) found.add(store.inbound[place].from);
  for (let place = store.messages.length - 1; place >= 0 && found.size < NUMBERS_SHOWN; place -= 1) {
    for (const receiver of store.messages[place].receivers) found.add(receiver.number);
  }
  return [...found].slice(0, NUMBERS_SHOWN);
}

function conversation(store, number) {
  const received = store.messages.flatMap((message) => message.receivers
    .filter((receiver) => receiver.number === number)
    .map((receiver) => ({ at: message.acceptedAt, message, receiver })));
  const sent = store.inbound.filter((one) => one.from === number).map((inbound) => ({ at: inbound.at, inbound }));
  return [...received, ...sent].sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0));
}

function bubble({ at, message, receiver, inbound }, store, href) {
  const stamp = h("span", { class: "stamp", title: fullTime(at) }, clockTime(at, store.now()));
  if (inbound) {
    return h("li", { class: "ours" }, h("p", { class: "bubble", dir: "auto" }, inbound.text),
      h("p", { class: "under" }, stamp, ` to ${inbound.to}`));
  }
  return h("li", { class: "theirs" }, h("p", { class: "bubble", dir: "auto" }, message.text),
    h("p", { class: "under" }, stamp, " ", h("a", { href: href("messages", message.sendID) }, `from ${message.from}`), " ",
      status(receiver), message.codes.slice(0, 1).map(codeButton)));
}

function answerForm(store, number) {
  const text = h("textarea", { rows: 2, dir: "auto", required: true });
  const lines = h("select", {}, (store.account?.lines ?? []).map((line) => h("option", { value: line.number }, line.number)));
  const told = h("span", { class: "refusal", role: "alert" });
  const last = conversation(store, number).findLast((one) => one.message)?.message.from;
  if (last && [...lines.options].some((option) => option.value === last)) lines.value = last;
  return h("form", { class: "answer", onsubmit: async (event) => {
    event.preventDefault();
    told.textContent = "";
    try {
      await call("POST", `${store.path}/inbound`, { from: number, text: text.value, to: lines.value });
      text.value = "";
    } catch (error) {
      told.textContent = error.message;
    }
    text.focus();
  } }, field("Answer", text), field("To line", lines), h("button", { class: "primary" }, "Send"), told);
}
