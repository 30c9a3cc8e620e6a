// The page: views by address, and the event stream that keeps them up to date.
// An address is `#/KEY/VIEW/ID`, so that it can be shared.

import { accountView } from "./account.js";
import { Problem } from "./api.js";
import { fill, h, say } from "./dom.js";
import { Frame, isView } from "./frame.js";
import { journalView, requestView, strangersView } from "./journal.js";
import { messageView } from "./message.js";
import { messagesView } from "./messages.js";
import { phoneView } from "./phone.js";
import { Store } from "./store.js";
import { listen } from "./stream.js";

const store = new Store();
const frame = new Frame((key) => { location.hash = `#/${encodeURIComponent(key)}/${address().name}`; });
let view = null;
let turn = 0; // of the addresses: what an older one has asked for comes too late
let routing = 0; // how many of them are under way

function href(name, id) {
  return `#/${encodeURIComponent(store.key)}/${name}${id === undefined ? "" : `/${encodeURIComponent(id)}`}`;
}

/** Key, view and id that the address names; what it leaves out is the first account, and its messages. */
function address() {
  const [, key, name, id] = location.hash.split("/").map(decoded);
  return { key: key || store.keys[0], name: isView(name) ? name : "messages", id };
}

function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // no encoding of ours: somebody typed a percent sign
  }
}

function viewOf({ name, id }) {
  if (name === "account") return accountView(store);
  if (name === "phone") return phoneView(store, href, id);
  if (name === "journal") return id ? requestView(store, href, "journal", Number(id)) : journalView(store, href);
  if (name === "strangers") return id ? requestView(store, href, "strangers", Number(id)) : strangersView(store, href);
  return id ? messageView(store, href, Number(id)) : messagesView(store, href);
}

/** Show what the address names. */
async function route() {
  const mine = (turn += 1);
  let wanted = address();
  routing += 1;
  try {
    if (!store.keys.includes(wanted.key)) {
      await store.loadKeys(); // it may be new
      if (mine !== turn) return;
      wanted = address();
    }
    if (!store.keys.includes(wanted.key)) {
      store.forget();
      show(nowhere(wanted.key), null);
      return;
    }
    if (wanted.key !== store.key) await store.load(wanted.key);
    else if (!store.account) await store.loaded; // another address has begun it
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (mine !== turn) return;
    store.forget();
    show(failed(error), null);
    return;
  } finally {
    routing -= 1;
  }
  if (mine === turn) show(viewOf(wanted), wanted.name);
}

function show(next, name) {
  const moved = view !== null;
  view = next;
  document.title = `${[view.title, store.key].filter(Boolean).join(" · ")} · fake SMS panel`;
  fill(document.getElementById("main"), view.element);
  frame.showKeys(store.keys, store.key);
  frame.showViews(name, href);
  frame.showFacts(store);
  view.shown?.();
  // Who has followed a link goes on reading there; who goes through the accounts stays at the list of them.
  if (moved && document.activeElement !== frame.accounts) view.element.querySelector("h1")?.focus({ preventScroll: true });
}

function nowhere(key) {
  const others = store.keys.map((one) => h("li", {}, h("a", { href: `#/${encodeURIComponent(one)}` }, one)));
  return {
    title: "No such account",
    homeless: true,
    topics: {},
    element: h("section", { class: "page" },
      h("h1", { tabindex: "-1" }, key ? `No account has the key ${key}` : "There is no account"),
      h("p", {}, "A test may have removed it at its end, or the server was started again. ",
        h("code", {}, "POST /_fake/accounts"), " makes one."),
      others.length ? [h("p", {}, "These are there:"), h("ul", {}, others)] : null),
  };
}

function failed(error) {
  return {
    title: "No answer",
    homeless: true,
    topics: {},
    element: h("section", { class: "page" },
      h("h1", { tabindex: "-1" }, "The account could not be read"), h("p", {}, error.message)),
  };
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
  for (const redraw of new Set(topics.map((topic) => view?.topics[topic]).filter(Boolean))) redraw();
  frame.showFacts(store);
}

store.addEventListener("arrived", ({ detail }) => say(`New message to ${detail.receivers[0].number}`));
store.addEventListener("keys", () => {
  frame.showKeys(store.keys, store.key);
  if (routing) return; // it was asked there, and will be heeded
  // The account is gone; or there is one where none was.
  const gone = view !== null && !view.homeless && !store.keys.includes(store.key);
  if (gone || (view?.homeless && store.keys.includes(address().key))) route();
});
addEventListener("hashchange", route);
document.getElementById("skip").addEventListener("click", () => document.getElementById("main").focus());
setInterval(() => {
  frame.showFacts(store);
  view?.tick?.();
}, 500);

listen({
  async opened() {
    store.connected = true;
    if (view === null || view.homeless) {
      await route();
    } else {
      await store.loadKeys();
      if (store.keys.includes(store.key)) await store.load(store.key);
    }
    frame.showFacts(store);
  },
  event(name, data) {
    store.take(name, data);
  },
  lost() {
    store.connected = false;
    frame.showFacts(store);
  },
});
