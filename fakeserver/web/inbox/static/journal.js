// The journal: every request, what it was answered, by which rule, and why.

import { copyButton, h, tell } from "./dom.js";
import { LongList } from "./list.js";
import { beginning, clockTime, curl, day, fullTime, plural } from "./words.js";

const REASON_SHOWN = 140;

export function journalView(store, href) {
  return requestsView(store, href, {
    title: "Journal",
    topic: "journal",
    empty: () => [
      h("p", {}, "No request has carried this account's key yet."),
      h("p", {}, "Whatever your application asks with the key ", h("code", {}, store.key),
        " will stand here, with the answer and the reason for it. If it has asked already, look at ",
        h("a", { href: href("strangers") }, "Wrong keys"), "."),
    ],
  });
}

export function strangersView(store, href) {
  return requestsView(store, href, {
    title: "Wrong keys",
    topic: "strangers",
    lead: "Requests whose key opens no account. A wrong key, or one in the wrong place, is the commonest mistake of all.",
    empty: () => h("p", {}, "Every request until now has carried the key of an account."),
  });
}

function requestsView(store, href, { title, topic, lead, empty }) {
  const none = h("div", {}, empty());
  const list = new LongList({
    label: `${title}, newest first`,
    id: (entry) => entry.id,
    version: () => day(store.now()),
    row: (entry) => [row(entry, store, href(topic, entry.id))],
    empty: () => none,
    memory: store.looking[topic],
  });
  const count = h("p", { class: "count" });
  function show() {
    tell(count, plural(store[topic].length, "request"));
    list.show(store[topic].toReversed());
  }
  show();
  return {
    title,
    element: h("section", { class: "page fill" }, h("h1", { tabindex: "-1" }, title), lead ? h("p", {}, lead) : null, count, list.whole),
    topics: { [topic]: show, clock: () => list.later() },
    shown: () => list.shown(),
  };
}

export function requestView(store, href, topic, id) {
  const name = topic === "journal" ? "Journal" : "Wrong keys";
  const body = h("div", {});
  const none = h("p", { class: "empty" }, "There is no such request, or the journal keeps it no longer.");
  let shown = null;
  function show() {
    const entry = store[topic].find((one) => one.id === id);
    if (entry && entry === shown) return;
    shown = entry;
    body.replaceChildren(entry ? requestDetails(store, entry) : none);
  }
  show();
  return {
    title: `Request ${id}`,
    element: h("section", { class: "page" },
      h("p", { class: "back" }, h("a", { href: href(topic) }, `← ${name}`)),
      h("h1", { tabindex: "-1" }, `Request ${id}`), body),
    topics: { [topic]: show },
  };
}

function row(entry, store, address) {
  return h("a", { class: "row", href: address },
    h("span", { class: "when", title: fullTime(entry.at) }, clockTime(entry.at, store.now())),
    h("span", { class: "to" }, entry.action || "no action"),
    h("span", { class: "text", dir: "ltr" }, beginning(entry.reason, REASON_SHOWN)),
    h("span", { class: "facts" }, `${entry.method} · ${entry.rule || "no rule"} · ${entry.durationMs} ms`,
      entry.unread.length ? h("strong", { class: "unread" }, ` · ${entry.unread.length} not read`) : null),
    h("span", { class: "statuses" }, verdict(entry)));
}

function verdict(entry) {
  const { name, tone } = judged(entry);
  return h("span", { class: `status ${tone}` }, name);
}

function judged(entry) {
  if (entry.bug) return { name: "bug of the fake", tone: "bad" };
  if (entry.fault) return { name: `fault ${entry.fault}`, tone: "bad" };
  const code = entry.result ?? "no reply";
  if (code === "1") return { name: "accepted 1", tone: "good" };
  return { name: `answered ${beginning(code.replace("-", "−"), 12)}`, tone: code === "401" ? "open" : "bad" };
}

/** All that is known of a request. */
export function requestDetails(store, entry) {
  const refused = judged(entry).tone === "bad";
  const known = store.journal.includes(entry);
  const command = curl(entry.method, known ? store.key : "YOUR-KEY", entry.params);
  return h("div", { class: "stack request" },
    h("p", { class: "head" }, verdict(entry), entry.rule ? h("span", { class: "note" }, `rule ${entry.rule}`) : null),
    h("p", { class: "reason", dir: "ltr" }, entry.reason),
    h("table", {},
      h("caption", {}, `${entry.method} ${entry.contentType || "without a body"}`),
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Parameter"), h("th", { scope: "col" }, "Value"), h("th", { scope: "col" }, "Note"))),
      h("tbody", {}, Object.entries(entry.params).map(([name, value]) => parameter(name, value, entry.unread)))),
    h("h3", {}, "Reply"),
    h("pre", { tabindex: "0", role: "group", "aria-label": "The reply", dir: "auto" }, replied(entry.reply)),
    h("p", { class: "facts" }, `${fullTime(entry.at)} · HTTP ${entry.http ?? "none"} · ${entry.durationMs} ms`),
    refused || !known ? h("p", {}, copyButton(command, "Copy as a curl command", { class: "primary" })) : null);
}

function replied(reply) {
  if (reply === null) return "none: the connection broke";
  return typeof reply === "string" ? reply || "empty" : JSON.stringify(reply, null, 2);
}

function parameter(name, value, unread) {
  const found = unread.find((one) => one.name === name);
  const note = found ? `not read${found.didYouMean ? `; did you mean ${found.didYouMean}?` : ""}` : "";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return h("tr", { class: found ? "unread" : null },
    h("th", { scope: "row" }, name), h("td", { dir: "auto" }, text), h("td", {}, note));
}
