// The messages: newest first, filtered, live.

import { copyButton, field, h, tell } from "./dom.js";
import { LongList } from "./list.js";
import {
  beginning, clockTime, curl, day, folded, fullTime, pair, partOfNumber, plural, rials, tone, word, WORDS,
} from "./words.js";

const ACTIONS = ["send", "sendServices", "sendOTP"];
const TEXT_SHOWN = 160;
const STATUSES_SHOWN = 2;

export function messagesView(store, href) {
  const memory = store.looking.messages;
  const filter = (memory.filter ??= { to: "", text: "", status: "", action: "" });
  const nothing = h("p", {}, "No message fits the filter.");
  const first = firstSteps(store);
  const list = new LongList({
    label: "Messages, newest first",
    id: (message) => message.sendID,
    // A time of another day than today is told with its date.
    version: (message) => `${message.version ?? 0} ${day(store.now())}`,
    row: (message) => row(message, store, href),
    empty: () => (store.messages.length ? nothing : first()),
    memory,
  });
  const count = h("p", { class: "count", role: "status" });

  function show(options) {
    const found = store.messages.filter(fitting(filter)).reverse();
    tell(count, found.length === store.messages.length
      ? plural(found.length, "message")
      : `${found.length} of ${plural(store.messages.length, "message")}`);
    list.show(found, options);
  }

  const input = (name, attributes) => h("input", { type: "search", value: filter[name], ...attributes,
    oninput: (event) => choose(name, event.target.value) });
  const select = (name, values) => h("select", { onchange: (event) => choose(name, event.target.value) },
    ["", ...values].map((value) => h("option", { value, selected: value === filter[name] }, value || "any")));
  function choose(name, value) {
    filter[name] = value;
    show({ fromTop: true });
  }

  const filters = h("form", { class: "filters", role: "search", "aria-label": "Filter", onsubmit: (event) => event.preventDefault() },
    field("Receiver", input("to", { inputmode: "tel", placeholder: "0912…" })),
    field("Text", input("text", { dir: "auto" })),
    field("Status", select("status", WORDS)),
    field("Action", select("action", ACTIONS)),
  );
  show();
  return {
    title: "Messages",
    element: h("section", { class: "page fill" }, h("h1", { tabindex: "-1" }, "Messages"), filters, count, list.whole),
    topics: { messages: () => show(), account: () => show(), clock: () => list.later() },
    shown: () => list.shown(),
  };
}

/** Whether a message fits the filter. */
function fitting({ to, text, status, action }) {
  const number = partOfNumber(to);
  const words = folded(text);
  return (message) => (!action || message.action === action)
    && (!words || folded(message.text).includes(words))
    && ((!number && !status) || message.receivers.some((one) =>
      (!number || one.number.includes(number)) && (!status || word(one) === status)));
}

function row(message, store, href) {
  const [first, ...others] = message.receivers;
  const link = h("a", { class: "row", href: href("messages", message.sendID) },
    h("span", { class: "when", title: fullTime(message.acceptedAt) }, clockTime(message.acceptedAt, store.now())),
    h("span", { class: "to" }, first.number, others.length ? h("small", {}, ` +${others.length}`) : null),
    h("span", { class: "text", dir: "auto" }, beginning(message.text, TEXT_SHOWN)),
    h("span", { class: "facts" }, `${message.action} · ${message.alphabet}, ${plural(message.parts, "part")} · ${rials(message.cost)}`),
    h("span", { class: "statuses" }, statuses(message.receivers)),
  );
  return [link, ...message.codes.slice(0, 1).map(codeButton)];
}

/** A button that copies a one-time code. */
export function codeButton(code) {
  return copyButton(code, code, { class: "code", title: "Copy the one-time code", "aria-label": `Copy the code ${code}` });
}

/** The receivers' statuses, each once with its count; the last line sums up what has no room. */
function statuses(receivers) {
  const counts = new Map();
  for (const receiver of receivers) {
    const name = word(receiver);
    const known = counts.get(name);
    counts.set(name, { receiver, count: (known?.count ?? 0) + 1 });
  }
  const all = [...counts.values()].sort((one, other) => other.count - one.count);
  const shown = all.length > STATUSES_SHOWN + 1 ? all.slice(0, STATUSES_SHOWN) : all;
  const rest = all.length - shown.length;
  return [
    ...shown.map(({ receiver, count }) => status(receiver, count)),
    rest ? h("small", {}, `and ${plural(rest, "other status", "other statuses")}`) : null,
  ];
}

/** A status as a word, with the pair of codes beside it. */
export function status(receiver, count = 1) {
  const name = word(receiver);
  return h("span", { class: `status ${tone(name)}` },
    name, " ", h("small", {}, pair(receiver)), count > 1 ? h("small", {}, ` × ${count}`) : null);
}

/** What teaches to send the first message; made anew only when the command is another. */
function firstSteps(store) {
  let made = null;
  return () => {
    const line = store.account?.lines.find((one) => one.ordinary)?.number ?? "auto";
    const command = curl("POST", store.key, { action: "send", from: line, text: "سلام دنیا", receivers: "9121234567" });
    if (made?.command !== command) made = { command, element: teaching(command, store.key) };
    return made.element;
  };
}

function teaching(command, key) {
  return h("div", { class: "teach" },
    h("h2", {}, "Nothing was sent yet"),
    h("p", {}, "Send the first message from a terminal; it appears here at once:"),
    h("pre", { tabindex: "0", role: "group", "aria-label": "The command" }, command),
    h("p", {}, copyButton(command, "Copy the command", { class: "primary" })),
    h("p", {}, "Your application sends to ", h("code", {}, `${location.origin}/webservice/server`),
      " with the key ", h("code", {}, key), ". What becomes of a message can be chosen by its receiver: ",
      h("code", {}, "9120000004"), " is never delivered, ", h("code", {}, "9120000109"), " is refused for want of credit."));
}
