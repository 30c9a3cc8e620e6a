// The journal: every request with its reply, the rule that decided, and the reason.

import { curlCommand } from "./curl.js";
import { copyButton, h, setText } from "./dom.js";
import { clockTime, dateOf, fullTime, plural, truncate } from "./format.js";
import { NO_MESSAGES, SUCCESS } from "./protocol.js";
import { VirtualList } from "./virtual_list.js";

const REASON_LENGTH_MAX = 140;
const RESULT_LENGTH_MAX = 12;

const JOURNAL = { title: "Journal", topic: "journal", viewName: "journal" };
const WRONG_KEYS = { title: "Wrong keys", topic: "wrongKeys", viewName: "wrong-keys" };

export function journalView(store, href) {
  return requestsView(store, href, {
    ...JOURNAL,
    renderEmpty: () => [
      h("p", {}, "No requests with this account's API key yet."),
      h("p", {}, "Requests of your application with the key ", h("code", {}, store.key),
        " appear here, with the reply and its reason. If your application has already sent requests, see ",
        h("a", { href: href("wrong-keys") }, "Wrong keys"), "."),
    ],
  });
}

export function wrongKeysView(store, href) {
  return requestsView(store, href, {
    ...WRONG_KEYS,
    introduction: "Requests whose API key belongs to no account. A wrong key, or a key in the wrong place, is the most common mistake.",
    renderEmpty: () => h("p", {}, "No requests with a wrong key."),
  });
}

function requestsView(store, href, { title, topic, viewName, introduction, renderEmpty }) {
  const empty = h("div", {}, renderEmpty());
  const list = new VirtualList({
    label: `${title}, newest first`,
    id: (entry) => entry.id,
    version: () => dateOf(store.now()),
    renderRow: (entry) => [renderRow(entry, store, href(viewName, entry.id))],
    renderEmpty: () => empty,
    viewState: store.viewState[topic],
  });
  const count = h("p", { class: "count" });
  function update() {
    setText(count, plural(store[topic].length, "request"));
    list.show(store[topic].toReversed());
  }
  update();
  return {
    title,
    element: h("section", { class: "page full-height" }, h("h1", { tabindex: "-1" }, title),
      introduction ? h("p", {}, introduction) : null, count, list.element),
    onChange: { [topic]: update, clock: () => list.scheduleDraw() },
    onShown: () => list.restoreScroll(),
  };
}

/** One request, from the journal or from the requests with a wrong key. */
export function requestView(store, href, topic, id) {
  const { title, viewName } = topic === "journal" ? JOURNAL : WRONG_KEYS;
  const body = h("div", {});
  const notFound = h("p", { class: "empty" }, "Request not found. The journal may no longer keep it.");
  let shownEntry = null;
  function update() {
    const entry = store[topic].find((one) => one.id === id);
    if (entry && entry === shownEntry) return;
    shownEntry = entry;
    body.replaceChildren(entry ? requestDetails(store, entry) : notFound);
  }
  update();
  return {
    title: `Request ${id}`,
    element: h("section", { class: "page" },
      h("p", { class: "back" }, h("a", { href: href(viewName) }, `← ${title}`)),
      h("h1", { tabindex: "-1" }, `Request ${id}`), body),
    onChange: { [topic]: update },
  };
}

function renderRow(entry, store, address) {
  return h("a", { class: "row", href: address },
    h("span", { class: "row-time", title: fullTime(entry.at) }, clockTime(entry.at, store.now())),
    h("span", { class: "row-title" }, entry.action || "no action"),
    h("span", { class: "row-text", dir: "ltr" }, truncate(entry.reason, REASON_LENGTH_MAX)),
    h("span", { class: "row-details" }, `${entry.method} · ${entry.rule || "no rule"} · ${entry.durationMs} ms`,
      entry.unread.length ? h("strong", { class: "unread" }, ` · ${plural(entry.unread.length, "unread parameter")}`) : null),
    h("span", { class: "statuses" }, resultBadge(entry)));
}

function resultBadge(entry) {
  const { label, statusClass } = describeResult(entry);
  return h("span", { class: `status ${statusClass}` }, label);
}

function describeResult(entry) {
  if (entry.bug) return { label: "internal error", statusClass: "failure" };
  if (entry.fault) return { label: `fault ${entry.fault}`, statusClass: "failure" };
  if (!entry.result) return { label: "no reply", statusClass: "failure" };
  const result = truncate(entry.result.replace("-", "−"), RESULT_LENGTH_MAX);
  if (entry.result === SUCCESS) return { label: `success ${result}`, statusClass: "success" };
  if (entry.result === NO_MESSAGES) return { label: `no messages ${result}`, statusClass: "neutral" };
  return { label: `error ${result}`, statusClass: "failure" };
}

/** Everything that is known about a request. */
export function requestDetails(store, entry) {
  const isFailure = describeResult(entry).statusClass === "failure";
  const hasAccountKey = store.journal.includes(entry);
  const command = curlCommand(entry.method, hasAccountKey ? store.key : "YOUR-KEY", entry.params);
  return h("div", { class: "stack request" },
    h("p", { class: "summary" }, resultBadge(entry), entry.rule ? h("span", { class: "note" }, `rule ${entry.rule}`) : null),
    h("p", { class: "reason", dir: "ltr" }, entry.reason),
    h("table", {},
      h("caption", {}, `${entry.method} ${entry.contentType || "without a body"}`),
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Parameter"), h("th", { scope: "col" }, "Value"), h("th", { scope: "col" }, "Note"))),
      h("tbody", {}, Object.entries(entry.params).map(([name, value]) => parameterRow(name, value, entry.unread)))),
    h("h3", {}, "Reply"),
    h("pre", { tabindex: "0", role: "group", "aria-label": "Reply", dir: "auto" }, replyText(entry.reply)),
    h("p", { class: "request-details" },
      `${fullTime(entry.at)} · ${entry.http ? `HTTP ${entry.http}` : "no HTTP reply"} · ${entry.durationMs} ms`),
    isFailure || !hasAccountKey ? h("p", {}, copyButton(command, "Copy as curl", { class: "primary" })) : null);
}

function replyText(reply) {
  if (reply === null) return "none: the connection was closed";
  return typeof reply === "string" ? reply || "empty" : JSON.stringify(reply, null, 2);
}

function parameterRow(name, value, unread) {
  const found = unread.find((one) => one.name === name);
  const note = found ? `unread${found.didYouMean ? `; did you mean ${found.didYouMean}?` : ""}` : "";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return h("tr", { class: found ? "unread" : null },
    h("th", { scope: "row" }, name), h("td", { dir: "auto" }, text), h("td", {}, note));
}
