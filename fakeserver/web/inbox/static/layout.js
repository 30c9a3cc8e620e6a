// The parts around the views: the header with account, credit and clock, and the navigation.

import { h, setChildren, setText } from "./dom.js";
import { clockTime, fullTime, rials } from "./format.js";

const VIEWS = { messages: "Messages", phone: "Phone", journal: "Journal", "wrong-keys": "Wrong keys", account: "Account" };
const BADGE_MAX = 99;

/** The elements are created once, so that they keep the focus. `onAccountChange(key)` is called when the user selects an account. */
export class Layout {
  constructor(onAccountChange) {
    this.accountSelect = h("select", { id: "account-select", onchange: () => onAccountChange(this.accountSelect.value) });
    this.credit = h("span", { id: "credit" });
    this.clock = h("time", { id: "clock" });
    this.connection = h("p", { class: "connection", id: "connection", role: "status" });
    setChildren(document.getElementById("header"),
      h("p", { class: "brand" }, h("img", { src: "/_fake/ui/icon.svg", alt: "", width: 24, height: 24 }), "fake SMS panel"),
      h("label", { class: "account-select" }, h("span", {}, "Account"), this.accountSelect),
      h("p", { class: "credit" }, this.credit),
      h("p", { class: "clock" }, this.clock),
      this.connection);
    this.wrongKeyCount = h("span", { class: "badge", hidden: true });
    this.links = Object.fromEntries(Object.entries(VIEWS).map(([name, text]) => [name, h("a", {}, text)]));
    this.links["wrong-keys"].append(" ", this.wrongKeyCount);
    setChildren(document.getElementById("nav"), h("ul", {}, Object.values(this.links).map((link) => h("li", {}, link))));
  }

  /** Show the accounts to select from, and the selected one, or null. */
  showAccounts(keys, selected) {
    const options = [...this.accountSelect.options].map((option) => option.value);
    if (options.join("\n") !== keys.join("\n")) {
      setChildren(this.accountSelect, keys.map((key) => h("option", { value: key }, key)));
    }
    this.accountSelect.value = selected ?? "";
  }

  /** Update the navigation links and mark the current view. Without one (null) the navigation is hidden. */
  showNavigation(current, href) {
    document.getElementById("nav").hidden = current === null;
    for (const [name, link] of Object.entries(this.links)) {
      link.href = current === null ? "#" : href(name);
      if (name === current) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  }

  /** Update credit, clock, connection status and the number of requests with a wrong key. */
  showStatus(store) {
    const { account, clock, connected, wrongKeys } = store;
    const now = clock ? store.now() : "";
    const pace = clock?.frozen ? " (frozen)" : clock && clock.speed !== 1 ? ` (× ${clock.speed})` : "";
    setText(this.credit, account ? rials(account.credit) : "");
    setText(this.clock, clock ? `${clockTime(now)}${pace}` : "");
    this.clock.title = clock ? fullTime(now) : "";
    setText(this.connection, connected ? "live" : "reconnecting…");
    this.connection.classList.toggle("disconnected", !connected);
    setText(this.wrongKeyCount, wrongKeys.length > BADGE_MAX ? `${BADGE_MAX}+` : String(wrongKeys.length));
    this.wrongKeyCount.hidden = !wrongKeys.length;
  }
}

export function isViewName(name) {
  return Object.hasOwn(VIEWS, name);
}
