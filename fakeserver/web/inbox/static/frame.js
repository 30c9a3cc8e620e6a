// What stands around the views: the account and its credit and clock above, the way to the views beside them.

import { fill, h, tell } from "./dom.js";
import { clockTime, fullTime, rials } from "./words.js";

const VIEWS = { messages: "Messages", phone: "Phone", journal: "Journal", strangers: "Wrong keys", account: "Account" };

/** Made once: a control that has the focus keeps it, whatever happens. `choose(key)` is called for another account. */
export class Frame {
  constructor(choose) {
    this.accounts = h("select", { id: "accounts", onchange: () => choose(this.accounts.value) });
    this.credit = h("span", { id: "credit" });
    this.clock = h("time", { id: "clock" });
    this.live = h("p", { class: "live", id: "live", role: "status" });
    fill(document.getElementById("header"),
      h("p", { class: "brand" }, h("img", { src: "/_fake/ui/icon.svg", alt: "", width: 24, height: 24 }), "fake SMS panel"),
      h("label", { class: "chooser" }, h("span", {}, "Account"), this.accounts),
      h("p", { class: "credit" }, this.credit),
      h("p", { class: "clock" }, this.clock),
      this.live);
    this.badge = h("span", { class: "badge", hidden: true });
    this.links = Object.fromEntries(Object.entries(VIEWS).map(([name, text]) => [name, h("a", {}, text)]));
    this.links.strangers.append(" ", this.badge);
    fill(document.getElementById("nav"), h("ul", {}, Object.values(this.links).map((link) => h("li", {}, link))));
  }

  /** The accounts to choose from, and the chosen one; null: none of them. */
  showKeys(keys, chosen) {
    const options = [...this.accounts.options].map((option) => option.value);
    if (options.join("\n") !== keys.join("\n")) fill(this.accounts, keys.map((key) => h("option", { value: key }, key)));
    this.accounts.value = chosen ?? "";
  }

  /** Where the links lead, and which of them is where one is; null: there is nothing to see. */
  showViews(current, href) {
    document.getElementById("nav").hidden = current === null;
    for (const [name, link] of Object.entries(this.links)) {
      link.href = current === null ? "#" : href(name);
      if (name === current) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  }

  showFacts(store) {
    const { account, clock, connected, strangers } = store;
    const now = clock ? store.now() : "";
    const pace = clock?.frozen ? " (frozen)" : clock && clock.speed !== 1 ? ` (× ${clock.speed})` : "";
    tell(this.credit, account ? rials(account.credit) : "");
    tell(this.clock, clock ? `${clockTime(now)}${pace}` : "");
    this.clock.title = clock ? fullTime(now) : "";
    tell(this.live, connected ? "live" : "reconnecting…");
    this.live.classList.toggle("lost", !connected);
    tell(this.badge, strangers.length > 99 ? "99+" : String(strangers.length));
    this.badge.hidden = !strangers.length;
  }
}

export function isView(name) {
  return Object.hasOwn(VIEWS, name);
}
