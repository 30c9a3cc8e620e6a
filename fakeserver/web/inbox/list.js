// A list of thousands: only the rows that can be seen, and a few around them, are in the page.

import { h } from "./dom.js";

const AROUND = 8;

/** `row(item)` makes a row's content; `id(item)` and `version(item)` tell when it must be made anew. */
export class LongList {
  constructor({ label, row, id, version = () => 0, empty }) {
    this.row = row;
    this.id = id;
    this.version = version;
    this.empty = empty;
    this.items = [];
    this.rows = new Map(); // id → { node, version }
    this.list = h("ul", { class: "long", "aria-label": label });
    this.element = h("div", { class: "viewport", tabindex: "-1", onscroll: () => this.later() }, this.list);
    this.none = h("div", { class: "empty", hidden: true });
    this.whole = h("div", { class: "list" }, this.element, this.none);
    this.whole.addEventListener("keydown", (event) => this.onKey(event));
    new ResizeObserver(() => this.later()).observe(this.element);
  }

  get rowHeight() {
    return parseFloat(getComputedStyle(this.element).getPropertyValue("--row")) || 72;
  }

  /** The items in the order in which they are shown. What is being read stays where it is. */
  show(items) {
    const more = items.length - this.items.length;
    if (more > 0 && this.element.scrollTop > 0 && this.items.length) {
      this.element.scrollTop += more * this.rowHeight;
    }
    this.items = items;
    this.none.hidden = items.length > 0;
    this.element.hidden = items.length === 0;
    if (!items.length) this.none.replaceChildren(this.empty());
    this.later();
  }

  later() {
    this.frame ??= requestAnimationFrame(() => { this.frame = null; this.draw(); });
  }

  draw() {
    const height = this.rowHeight;
    const first = Math.max(0, Math.floor(this.element.scrollTop / height) - AROUND);
    const last = Math.min(this.items.length, Math.ceil((this.element.scrollTop + this.element.clientHeight) / height) + AROUND);
    this.list.style.height = `${this.items.length * height}px`;
    const seen = new Set();
    let previous = null;
    for (let place = first; place < last; place += 1) {
      const item = this.items[place];
      seen.add(this.id(item));
      const node = this.node(item);
      // In the page they stand in their order, for who goes through them with the keyboard.
      const wanted = previous ? previous.nextSibling : this.list.firstChild;
      if (node !== wanted) this.list.insertBefore(node, wanted);
      previous = node;
      node.style.transform = `translateY(${place * height}px)`;
      node.setAttribute("aria-setsize", this.items.length);
      node.setAttribute("aria-posinset", place + 1);
      node.dataset.place = place;
    }
    for (const [id, { node }] of this.rows) {
      if (seen.has(id)) continue;
      node.remove();
      this.rows.delete(id);
    }
  }

  node(item) {
    const id = this.id(item);
    const version = this.version(item);
    const known = this.rows.get(id);
    if (known && known.version === version) return known.node;
    const node = known?.node ?? h("li", {});
    const focused = node.contains(document.activeElement);
    node.replaceChildren(...this.row(item));
    if (focused) node.querySelector("a")?.focus();
    this.rows.set(id, { node, version });
    return node;
  }

  /** Arrow keys, Home and End go from row to row. */
  onKey(event) {
    const here = event.target.closest?.("li");
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (!here || !(event.key in steps || event.key === "Home" || event.key === "End")) return;
    event.preventDefault();
    const last = this.items.length - 1;
    const wanted = event.key === "Home" ? 0 : event.key === "End" ? last : Number(here.dataset.place) + steps[event.key];
    this.focus(Math.max(0, Math.min(last, wanted)));
  }

  focus(place) {
    const height = this.rowHeight;
    const top = place * height;
    if (top < this.element.scrollTop) this.element.scrollTop = top;
    const bottom = top + height - this.element.clientHeight;
    if (bottom > this.element.scrollTop) this.element.scrollTop = bottom;
    this.draw();
    this.rows.get(this.id(this.items[place]))?.node.querySelector("a")?.focus();
  }
}
