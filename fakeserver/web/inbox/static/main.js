// The entry point: shows the view that the address names, and updates it with the event stream.
//
// An address is `#/KEY/VIEW/ID`, so that it can be shared.

import { accountView } from "./account.js";
import { ApiError } from "./api.js";
import { announce, h, setChildren } from "./dom.js";
import { listen } from "./event_stream.js";
import { journalView, requestView, wrongKeysView } from "./journal.js";
import { isViewName, Layout } from "./layout.js";
import { messageView } from "./message.js";
import { messagesView } from "./messages.js";
import { phoneView } from "./phone.js";
import { Store } from "./store.js";

const TICK_MS = 500;

const store = new Store();
const layout = new Layout((key) => { location.hash = `#/${encodeURIComponent(key)}/${currentAddress().name}`; });
let view = null; // { title, element, onChange, onShown?, onTick?, isErrorPage? }
let routeCount = 0; // only the latest route may show its view
let pendingRoutes = 0;

function href(name, id) {
  return `#/${encodeURIComponent(store.key)}/${name}${id === undefined ? "" : `/${encodeURIComponent(id)}`}`;
}

/** Account key, view name and id in the address. The defaults are the first account and its messages. */
function currentAddress() {
  const [, key, name, id] = location.hash.split("/").map(decode);
  return { key: key || store.keys[0], name: isViewName(name) ? name : "messages", id };
}

function decode(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // typed by hand, with a bare percent sign
  }
}

function createView({ name, id }) {
  if (name === "account") return accountView(store);
  if (name === "phone") return phoneView(store, href, id);
  if (name === "journal") return id ? requestView(store, href, "journal", Number(id)) : journalView(store, href);
  if (name === "wrong-keys") return id ? requestView(store, href, "wrongKeys", Number(id)) : wrongKeysView(store, href);
  return id ? messageView(store, href, Number(id)) : messagesView(store, href);
}

/** Show the view that the address names. */
async function route() {
  const number = (routeCount += 1);
  let address = currentAddress();
  pendingRoutes += 1;
  try {
    if (!store.keys.includes(address.key)) {
      await store.loadKeys(); // the account may be new
      if (number !== routeCount) return;
      address = currentAddress();
    }
    if (!store.keys.includes(address.key)) {
      store.clear();
      show(accountNotFoundView(address.key), null);
      return;
    }
    if (address.key !== store.key) await store.load(address.key);
    else if (!store.account) await store.loaded; // an earlier route has started the load
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (number !== routeCount) return;
    store.clear();
    show(loadErrorView(error), null);
    return;
  } finally {
    pendingRoutes -= 1;
  }
  if (number === routeCount) show(createView(address), address.name);
}

function show(nextView, name) {
  const isFirst = view === null;
  view = nextView;
  document.title = `${[view.title, store.key].filter(Boolean).join(" · ")} · fake SMS panel`;
  setChildren(document.getElementById("main"), view.element);
  layout.showAccounts(store.keys, store.key);
  layout.showNavigation(name, href);
  layout.showStatus(store);
  view.onShown?.();
  // After a link, reading continues at the heading. The list of accounts keeps the focus, for its arrow keys.
  if (!isFirst && document.activeElement !== layout.accountSelect) {
    view.element.querySelector("h1")?.focus({ preventScroll: true });
  }
}

function accountNotFoundView(key) {
  const links = store.keys.map((one) => h("li", {}, h("a", { href: `#/${encodeURIComponent(one)}` }, one)));
  return {
    title: "Account not found",
    isErrorPage: true,
    onChange: {},
    element: h("section", { class: "page" },
      h("h1", { tabindex: "-1" }, key ? `No account has the key ${key}` : "No accounts"),
      h("p", {}, "A test may have removed the account, or the server was restarted. ",
        h("code", {}, "POST /_fake/accounts"), " creates an account."),
      links.length ? [h("p", {}, "Existing accounts:"), h("ul", {}, links)] : null),
  };
}

function loadErrorView(error) {
  return {
    title: "Loading failed",
    isErrorPage: true,
    onChange: {},
    element: h("section", { class: "page" },
      h("h1", { tabindex: "-1" }, "The account could not be loaded"), h("p", {}, error.message)),
  };
}

// Many changes may come at once, so they are drawn once per animation frame.
const changedTopics = new Set();
for (const topic of ["messages", "inbound", "journal", "wrongKeys", "account", "faults", "clock"]) {
  store.addEventListener(topic, () => {
    if (!changedTopics.size) requestAnimationFrame(draw);
    changedTopics.add(topic);
  });
}

function draw() {
  const topics = [...changedTopics];
  changedTopics.clear();
  for (const update of new Set(topics.map((topic) => view?.onChange[topic]).filter(Boolean))) update();
  layout.showStatus(store);
}

store.addEventListener("newMessage", ({ detail }) => announce(`New message to ${detail.receivers[0].number}`));
store.addEventListener("keys", () => {
  layout.showAccounts(store.keys, store.key);
  if (pendingRoutes) return; // that route handles the change
  const isRemoved = view !== null && !view.isErrorPage && !store.keys.includes(store.key);
  const isFound = view?.isErrorPage && store.keys.includes(currentAddress().key);
  if (isRemoved || isFound) route();
});
addEventListener("hashchange", route);
document.getElementById("skip-link").addEventListener("click", () => document.getElementById("main").focus());
setInterval(() => {
  layout.showStatus(store);
  view?.onTick?.();
}, TICK_MS);

listen({
  async onOpen() {
    store.connected = true;
    if (view === null || view.isErrorPage) {
      await route();
    } else {
      await store.loadKeys();
      if (store.keys.includes(store.key)) await store.load(store.key);
    }
    layout.showStatus(store);
  },
  onEvent(name, data) {
    store.handleEvent(name, data);
  },
  onClose() {
    store.connected = false;
    layout.showStatus(store);
  },
});
