// The journal: every request, what it was answered, by which rule, and why.

import { copyButton, h } from "./dom.js";
import { LongList } from "./list.js";
import { beginning, clockTime, curl, fullTime, plural } from "./words.js";

const REASON_SHOWN = 140;

export function journalView(store, href) {
  return requestsView(store, {
    title: "Journal",
    topic: "journal",
    entries: () => store.journal,
    link: (entry) => href("journal", entry.id),
    empty: "No request has carried this account's key yet.",
  });
}

export function strangersView(store, href) {
  return requestsView(store, {
    title: "Wrong keys",
    topic: "strangers",
    entries: () => store.strangers,
    link: (entry) => href("strangers", entry.id),
    lead: "Requests whose key opens no account. A wrong key, or one in the wrong place, is the commonest mistake of all.",
    empty: "Every request until now has carried the key of an account.",
  });
}

function requestsView(store, { title, topic, entries, link, lead, empty }) {
  const list = new LongList({
    label: `${title}, newest first`,
    id: (entry) => entry.id,
    row: (entry) => [row(entry, store, link)],
    empty: () => h("p", {}, empty),
  });
  const count = h("p", { class: "count" });
  function show() {
    count.textContent = plural(entries().length, "request");
    list.show([...entries()].reverse());
  }
  show();
  return {
    title,
    element: h("section", { class: "page fill" }, h("h1", { tabindex: "-1" }, title), lead ? h("p", {}, lead) : null, count, list.whole),
    topics: { [topic]: show },
  };
}

export function requestView(store, href, topic, id) {
  const entry = store[topic].find((one) => one.id === id);
  const name = topic === "journal" ? "Journal" : "Wrong keys";
  return {
    title: `Request ${id}`,
    element: h("section", { class: "page" },
      h("p", { class: "back" }, h("a", { href: href(topic) }, `← ${name}`)),
      h("h1", { tabindex: "-1" }, `Request ${id}`),
      entry ? requestDetails(store, entry) : h("p", { class: "empty" }, "The journal no longer has it.")),
    topics: {},
  };
}

function row(entry, store, link) {
  return h("a", { class: "row", href: link(entry) },
    h("span", { class: "when", title: fullTime(entry.at) }, clockTime(entry.at, store.now())),
    h("span", { class: "to" }, entry.action || "no action"),
    h("span", { class: "text" }, beginning(entry.reason, REASON_SHOWN)),
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
  const code = String(entry.reply?.result ?? entry.reply ?? "no reply");
  return code === "1" ? { name: "accepted 1", tone: "good" } : { name: `answered ${code.replace("-", "−")}`, tone: code === "401" ? "open" : "bad" };
}

/** All that is known of a request. */
export function requestDetails(store, entry) {
  const refused = judged(entry).tone === "bad";
  const known = store.journal.includes(entry);
  const command = curl(entry.method, known ? store.key : "YOUR-KEY", entry.params);
  return h("div", { class: "stack request" },
    h("p", { class: "head" }, verdict(entry), entry.rule ? h("span", { class: "note" }, `rule ${entry.rule}`) : null),
    h("p", { class: "reason" }, entry.reason),
    h("table", {},
      h("caption", {}, `${entry.method} ${entry.contentType || "without a body"}`),
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Parameter"), h("th", { scope: "col" }, "Value"), h("th", { scope: "col" }, "Note"))),
      h("tbody", {}, Object.entries(entry.params).map(([name, value]) => parameter(name, value, entry.unread)))),
    h("h3", {}, "Reply"),
    h("pre", { tabindex: "0", "aria-label": "The reply", dir: "auto" }, entry.reply === null ? "none: the connection broke" : typeof entry.reply === "string" ? entry.reply : JSON.stringify(entry.reply, null, 2)),
    h("p", { class: "facts" }, `${fullTime(entry.at)} · HTTP ${entry.http ?? "none"} · ${entry.durationMs} ms`),
    refused || !known ? h("p", {}, copyButton(command, "Copy as a curl command", { class: "primary" })) : null);
}

function parameter(name, value, unread) {
  const found = unread.find((one) => one.name === name);
  const note = found ? `not read${found.didYouMean ? `; did you mean ${found.didYouMean}?` : ""}` : "";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return h("tr", { class: found ? "unread" : null },
    h("th", { scope: "row" }, name), h("td", { dir: "auto" }, text), h("td", {}, note));
}
