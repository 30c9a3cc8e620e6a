// The list of messages, newest first, with filters.

import { curlCommand } from "./curl.js";
import { copyButton, field, h, setText } from "./dom.js";
import { clockTime, dateOf, fullTime, plural, rials, statusClass, statusLabel, statusNumbers, truncate } from "./format.js";
import { foldText, normaliseNumberPart } from "./normalise.js";
import { NEVER_DELIVERED, NOT_ENOUGH_CREDIT, SEND_ACTIONS, STATUS_LABELS } from "./protocol.js";
import { VirtualList } from "./virtual_list.js";

const TEXT_LENGTH_MAX = 160;
const STATUSES_MAX = 2;
const EXAMPLE_TEXT = "سلام دنیا";
const EXAMPLE_RECEIVER = "9121234567";

export function messagesView(store, href) {
  const viewState = store.viewState.messages;
  const filter = (viewState.filter ??= { receiver: "", text: "", status: "", action: "" });
  const noMatch = h("p", {}, "No messages match the filter.");
  const renderFirstSteps = firstSteps(store);
  const list = new VirtualList({
    label: "Messages, newest first",
    id: (message) => message.sendID,
    // A row shows the date once it is not the current one.
    version: (message) => `${message.version ?? 0} ${dateOf(store.now())}`,
    renderRow: (message) => renderRow(message, store, href),
    renderEmpty: () => (store.messages.length ? noMatch : renderFirstSteps()),
    viewState,
  });
  const count = h("p", { class: "count", role: "status" });

  function update(options) {
    const found = store.messages.filter(matches(filter)).reverse();
    setText(count, found.length === store.messages.length
      ? plural(found.length, "message")
      : `${found.length} of ${plural(store.messages.length, "message")}`);
    list.show(found, options);
  }

  const filterInput = (name, attributes) => h("input", { type: "search", value: filter[name], ...attributes,
    oninput: (event) => setFilter(name, event.target.value) });
  const filterSelect = (name, values) => h("select", { onchange: (event) => setFilter(name, event.target.value) },
    ["", ...values].map((value) => h("option", { value, selected: value === filter[name] }, value || "any")));
  function setFilter(name, value) {
    filter[name] = value;
    update({ fromTop: true });
  }

  const filters = h("form", { class: "filters", role: "search", "aria-label": "Filter", onsubmit: (event) => event.preventDefault() },
    field("Receiver", filterInput("receiver", { inputmode: "tel", placeholder: "0912…" })),
    field("Text", filterInput("text", { dir: "auto" })),
    field("Status", filterSelect("status", Object.values(STATUS_LABELS))),
    field("Action", filterSelect("action", SEND_ACTIONS)),
  );
  update();
  return {
    title: "Messages",
    element: h("section", { class: "page full-height" }, h("h1", { tabindex: "-1" }, "Messages"), filters, count, list.element),
    onChange: { messages: () => update(), account: () => update(), clock: () => list.scheduleDraw() },
    onShown: () => list.restoreScroll(),
  };
}

/** A function that tells whether a message matches the filter. */
function matches({ receiver, text, status, action }) {
  const number = normaliseNumberPart(receiver);
  const folded = foldText(text);
  return (message) => (!action || message.action === action)
    && (!folded || foldText(message.text).includes(folded))
    && ((!number && !status) || message.receivers.some((one) =>
      (!number || one.number.includes(number)) && (!status || statusLabel(one) === status)));
}

function renderRow(message, store, href) {
  const [first, ...others] = message.receivers;
  const link = h("a", { class: "row", href: href("messages", message.sendID) },
    h("span", { class: "row-time", title: fullTime(message.acceptedAt) }, clockTime(message.acceptedAt, store.now())),
    h("span", { class: "row-title" }, first.number, others.length ? h("small", {}, ` +${others.length}`) : null),
    h("span", { class: "row-text", dir: "auto" }, truncate(message.text, TEXT_LENGTH_MAX)),
    h("span", { class: "row-details" }, `${message.action} · ${message.alphabet}, ${plural(message.parts, "part")} · ${rials(message.cost)}`),
    h("span", { class: "statuses" }, statusBadges(message.receivers)),
  );
  return [link, ...message.codes.slice(0, 1).map(codeButton)];
}

/** A button that copies a one-time code. */
export function codeButton(code) {
  return copyButton(code, code, { class: "code", title: "Copy the one-time code", "aria-label": `Copy the code ${code}` });
}

/** The statuses of all receivers, the most frequent first, each with its count. The last line counts the hidden ones. */
function statusBadges(receivers) {
  const counts = new Map();
  for (const receiver of receivers) {
    const label = statusLabel(receiver);
    counts.set(label, { receiver, count: (counts.get(label)?.count ?? 0) + 1 });
  }
  const all = [...counts.values()].sort((one, other) => other.count - one.count);
  const shown = all.length > STATUSES_MAX + 1 ? all.slice(0, STATUSES_MAX) : all;
  const hidden = all.length - shown.length;
  return [
    ...shown.map(({ receiver, count }) => statusBadge(receiver, count)),
    hidden ? h("small", {}, `and ${plural(hidden, "other status", "other statuses")}`) : null,
  ];
}

/** The status of a receiver: its label and its two numbers. */
export function statusBadge(receiver, count = 1) {
  return h("span", { class: `status ${statusClass(receiver)}` },
    statusLabel(receiver), " ", h("small", {}, statusNumbers(receiver)), count > 1 ? h("small", {}, ` × ${count}`) : null);
}

/** A function that returns the instructions for the first message. They are created again only when the command changes. */
function firstSteps(store) {
  let shown = null; // { command, element }
  return () => {
    const line = store.account?.lines.find((one) => one.ordinary)?.number ?? "auto";
    const params = { action: "send", from: line, text: EXAMPLE_TEXT, receivers: EXAMPLE_RECEIVER };
    const command = curlCommand("POST", store.key, params);
    if (shown?.command !== command) shown = { command, element: instructions(command, store.key) };
    return shown.element;
  };
}

function instructions(command, key) {
  return h("div", { class: "first-steps" },
    h("h2", {}, "No messages yet"),
    h("p", {}, "Send the first message from a terminal. It appears here at once:"),
    h("pre", { tabindex: "0", role: "group", "aria-label": "Command" }, command),
    h("p", {}, copyButton(command, "Copy the command", { class: "primary" })),
    h("p", {}, "Your application sends its requests to ", h("code", {}, `${location.origin}/webservice/server`),
      " with the API key ", h("code", {}, key), ". Some receivers are reserved for tests: a message to ",
      h("code", {}, NEVER_DELIVERED), " is never delivered, and one to ", h("code", {}, NOT_ENOUGH_CREDIT),
      " is refused because the credit is not enough."));
}
