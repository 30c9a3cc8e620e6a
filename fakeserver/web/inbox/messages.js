// The messages: newest first, filtered, live.

import { copyButton, field, h } from "./dom.js";
import { LongList } from "./list.js";
import { beginning, clockTime, curl, fullTime, normalised, pair, plural, rials, tone, word, WORDS } from "./words.js";

const ACTIONS = ["send", "sendServices", "sendOTP"];
const TEXT_SHOWN = 160;

export function messagesView(store, href) {
  const filter = { to: "", text: "", status: "", action: "" };
  const list = new LongList({
    label: "Messages, newest first",
    id: (message) => message.sendID,
    version: (message) => message.version ?? 0,
    row: (message) => row(message, store, href),
    empty: () => (store.messages.length ? nothingFits() : firstSteps(store)),
  });
  const count = h("p", { class: "count" });

  function show() {
    const found = store.messages.filter((message) => fits(message, filter)).reverse();
    count.textContent = found.length === store.messages.length
      ? plural(found.length, "message")
      : `${found.length} of ${plural(store.messages.length, "message")}`;
    list.show(found);
  }

  const changed = (name, read = (value) => value) => (event) => {
    filter[name] = read(event.target.value);
    show();
  };
  const filters = h("form", { class: "filters", role: "search", onsubmit: (event) => event.preventDefault() },
    field("Receiver", h("input", { type: "search", inputmode: "tel", placeholder: "0912…", oninput: changed("to", normalised) })),
    field("Text", h("input", { type: "search", dir: "auto", oninput: changed("text") })),
    field("Status", select(["", ...WORDS], changed("status"))),
    field("Action", select(["", ...ACTIONS], changed("action"))),
  );
  show();
  return {
    title: "Messages",
    element: h("section", { class: "page fill" }, h("h1", { tabindex: "-1" }, "Messages"), filters, count, list.whole),
    topics: { messages: show },
  };
}

function select(values, onchange) {
  return h("select", { onchange }, values.map((value) => h("option", { value }, value || "any")));
}

function fits(message, { to, text, status, action }) {
  return (!action || message.action === action)
    && (!text || message.text.includes(text))
    && ((!to && !status) || message.receivers.some((one) =>
      (!to || one.number.includes(to)) && (!status || word(one) === status)));
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

/** The receivers' statuses, each once with its count. */
export function statuses(receivers) {
  const counts = new Map();
  for (const receiver of receivers) {
    const name = word(receiver);
    const known = counts.get(name);
    counts.set(name, { receiver, count: (known?.count ?? 0) + 1 });
  }
  return [...counts.values()].map(({ receiver, count }) => status(receiver, count));
}

/** A status as a word, with the pair of codes beside it. */
export function status(receiver, count = 1) {
  const name = word(receiver);
  return h("span", { class: `status ${tone(name)}` },
    name, " ", h("small", {}, pair(receiver)), count > 1 ? h("small", {}, ` × ${count}`) : null);
}

function nothingFits() {
  return h("p", {}, "No message fits the filter.");
}

function firstSteps(store) {
  const line = store.account?.lines.find((one) => one.ordinary)?.number ?? "auto";
  const command = curl("POST", store.key, {
    action: "send", from: line, text: "سلام دنیا", receivers: "9121234567",
  });
  return h("div", { class: "teach" },
    h("h2", {}, "Nothing was sent yet"),
    h("p", {}, "Send the first message from a terminal; it appears here at once:"),
    h("pre", { tabindex: "0", "aria-label": "The command" }, command),
    copyButton(command, "Copy the command", { class: "primary" }),
    h("p", {}, "Your application sends to ", h("code", {}, `${location.origin}/webservice/server`),
      " with the key ", h("code", {}, store.key), ". What becomes of a message can be chosen by its receiver: ",
      h("code", {}, "9120000004"), " is never delivered, ", h("code", {}, "9120000109"), " is refused for want of credit."));
}
