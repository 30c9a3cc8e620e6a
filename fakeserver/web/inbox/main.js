// The page: header, views by address, and the event stream that keeps them up to date.
// An address is `#/KEY/VIEW/ID`, so that it can be shared.

import { accountView } from "./account.js";
import { fill, h, say } from "./dom.js";
import { journalView, requestView, strangersView } from "./journal.js";
import { messageView } from "./message.js";
import { messagesView } from "./messages.js";
import { phoneView } from "./phone.js";
import { Store } from "./store.js";
import { listen } from "./stream.js";
import { clockTime, rials } from "./words.js";

const VIEWS = { messages: "Messages", phone: "Phone", journal: "Journal", strangers: "Wrong keys", account: "Account" };

const store = new Store();
let view = null;

function href(name, id) {
  return `#/${encodeURIComponent(store.key)}/${name}${id === undefined ? "" : `/${encodeURIComponent(id)}`}`;
}

/** Key, view and id that the address names; what it leaves out is the first account, and its messages. */
function address() {
  const [, key, name, id] = location.hash.split("/").map((part) => decodeURIComponent(part));
  return { key: store.keys.includes(key) ? key : store.keys[0], name: name in VIEWS ? name : "messages", id };
}

function open({ name, id }) {
  if (name === "account") return accountView(store);
  if (name === "phone") return phoneView(store, href, id);
  if (name === "journal") return id ? requestView(store, href, "journal", Number(id)) : journalView(store, href);
  if (name === "strangers") return id ? requestView(store, href, "strangers", Number(id)) : strangersView(store, href);
  return id ? messageView(store, href, Number(id)) : messagesView(store, href);
}

async function route() {
  const wanted = address();
  if (wanted.key === undefined) {
    fill(document.getElementById("main"), h("p", { class: "empty" }, "There is no account. POST /_fake/accounts makes one."));
    return;
  }
  if (wanted.key !== store.key) {
    store.forget();
    await store.load(wanted.key);
  }
  const moved = view !== null;
  view = open(wanted);
  document.title = `${view.title} · ${store.key} · fake SMS panel`;
  fill(document.getElementById("main"), view.element);
  showHeader();
  showNav(wanted.name);
  view.shown?.();
  if (moved) view.element.querySelector("h1")?.focus({ preventScroll: true });
}

function showHeader() {
  const accounts = h("select", { id: "accounts", onchange: (event) => {
    location.hash = `#/${encodeURIComponent(event.target.value)}/${address().name}`;
  } }, store.keys.map((key) => h("option", { value: key, selected: key === store.key }, key)));
  fill(document.getElementById("header"),
    h("p", { class: "brand" }, h("img", { src: "/_fake/ui/icon.svg", alt: "", width: 24, height: 24 }), "fake SMS panel"),
    h("label", { class: "chooser" }, h("span", {}, "Account"), accounts),
    h("p", { class: "credit", id: "credit" }),
    h("p", { class: "clock" }, h("time", { id: "clock" })),
    h("p", { class: "live", id: "live" }));
  showFacts();
}

function showFacts() {
  const facts = { credit: store.account ? rials(store.account.credit) : "", clock: "", live: store.connected ? "live" : "reconnecting…" };
  if (store.clock) facts.clock = `${clockTime(store.now())}${store.clock.frozen ? " (frozen)" : ""}`;
  for (const [id, text] of Object.entries(facts)) {
    const element = document.getElementById(id);
    if (element && element.textContent !== text) element.textContent = text;
  }
  document.getElementById("live")?.classList.toggle("lost", !store.connected);
  const clock = document.getElementById("clock");
  if (clock && store.clock) clock.title = store.now();
}

function showNav(current) {
  const counts = { strangers: store.strangers.length };
  fill(document.getElementById("nav"), h("ul", {}, Object.entries(VIEWS).map(([name, text]) => h("li", {},
    h("a", { href: href(name), "aria-current": name === current ? "page" : null }, text,
      counts[name] ? h("span", { class: "badge" }, counts[name] > 99 ? "99+" : counts[name]) : null)))));
}

// Many events come at once; what they change is drawn once a frame.
const due = new Set();
for (const topic of ["messages", "inbound", "journal", "strangers", "account", "faults", "clock"]) {
  store.addEventListener(topic, () => {
    if (!due.size) requestAnimationFrame(draw);
    due.add(topic);
  });
}

function draw() {
  const topics = [...due];
  due.clear();
  for (const show of new Set(topics.map((topic) => view?.topics[topic]).filter(Boolean))) show();
  if (topics.includes("strangers")) showNav(address().name);
  showFacts();
}

store.addEventListener("arrived", ({ detail }) => say(`New message to ${detail.receivers[0].number}`));
store.addEventListener("keys", () => {
  if (!store.keys.includes(store.key)) route();
  else showHeader();
});
addEventListener("hashchange", route);
document.getElementById("skip").addEventListener("click", () => document.getElementById("main").focus());
setInterval(() => {
  showFacts();
  view?.tick?.();
}, 500);

listen({
  async opened() {
    store.connected = true;
    await store.loadKeys();
    if (store.key !== null && store.keys.includes(store.key)) await store.load(store.key);
    if (view === null || !store.keys.includes(store.key)) await route();
    else showHeader();
  },
  event(name, data) {
    store.take(name, data);
    // The clock is the account's own affair: it is read again when something of the account has happened.
    if (data.account === store.key && !store.loading) readClockSoon();
  },
  lost() {
    store.connected = false;
    showFacts();
  },
});

let soon = null;
function readClockSoon() {
  clearTimeout(soon);
  soon = setTimeout(() => store.readClock().catch(() => {}), 100);
}
