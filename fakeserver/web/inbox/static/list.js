// A list of thousands: only the rows that can be seen, and a few around them, are in the page. For the keyboard it
// is one stop: Tab reaches one row and what is in it, the arrow keys go from row to row.

import { fill, h } from "./dom.js";
import { controls, Rows } from "./rows.js";

const AROUND = 8;

/**
 * `row(item)` makes a row's content, `empty()` gives what stands there without any; `memory` is an object that
 * outlives the list: where it was last looked at.
 */
export class LongList {
  constructor({ label, row, id, version, empty, memory }) {
    this.rows = new Rows({ id, version, make: row });
    this.id = id;
    this.empty = empty;
    this.memory = memory;
    this.items = [];
    this.places = new Map(); // id → place among the items
    this.list = h("ul", { class: "long", "aria-label": label });
    this.element = h("div", { class: "viewport", tabindex: "-1", onscroll: () => this.scrolled() }, this.list);
    this.none = h("div", { class: "empty", hidden: true });
    this.whole = h("div", { class: "list" }, this.element, this.none);
    this.list.addEventListener("keydown", (event) => this.onKey(event));
    this.list.addEventListener("focusin", () => this.later());
    new ResizeObserver(() => this.later()).observe(this.element);
  }

  get rowHeight() {
    const inRem = parseFloat(getComputedStyle(this.element).getPropertyValue("--row")) || 4.75;
    return inRem * parseFloat(getComputedStyle(document.documentElement).fontSize);
  }

  /** The items in the order in which they are shown. What is being read stays where it is, unless `fromTop`. */
  show(items, { fromTop = false } = {}) {
    const height = this.rowHeight;
    const top = this.element.scrollTop;
    const read = this.items[Math.floor(top / height)];
    this.items = items;
    this.places = new Map(items.map((item, place) => [this.id(item), place]));
    this.none.hidden = items.length > 0;
    this.element.hidden = items.length === 0;
    const none = items.length ? null : this.empty();
    if (none !== this.none.firstChild) fill(this.none, none);
    this.list.style.height = `${items.length * height}px`;
    const place = read && this.places.get(this.id(read));
    if (fromTop) this.element.scrollTop = 0;
    else if (top > 0 && place !== undefined) this.element.scrollTop = place * height + (top % height);
    this.later();
  }

  /** It is in the page now: back to where it was left. */
  shown() {
    this.element.scrollTop = this.memory.top ?? 0;
  }

  scrolled() {
    this.memory.top = this.element.scrollTop;
    this.later();
  }

  later() {
    this.frame ??= requestAnimationFrame(() => { this.frame = null; this.draw(); });
  }

  draw() {
    const height = this.rowHeight;
    const { scrollTop, clientHeight } = this.element;
    const first = Math.max(0, Math.floor(scrollTop / height) - AROUND);
    const last = Math.min(this.items.length, Math.ceil((scrollTop + clientHeight) / height) + AROUND);
    const places = Array.from({ length: Math.max(0, last - first) }, (_, step) => first + step);
    // The row that has the focus stays, wherever the list is scrolled to; in the page all stand in their order.
    const focused = this.focused();
    if (focused !== null && focused < first) places.unshift(focused);
    else if (focused !== null && focused >= last) places.push(focused);
    this.list.style.height = `${this.items.length * height}px`;
    this.rows.show(this.list, places.map((place) => this.items[place]));
    const stop = this.stop(focused, Math.ceil(scrollTop / height), Math.floor((scrollTop + clientHeight) / height));
    for (const place of places) {
      const node = this.rows.of(this.items[place]);
      node.style.transform = `translateY(${place * height}px)`;
      node.setAttribute("aria-setsize", this.items.length);
      node.setAttribute("aria-posinset", place + 1);
      node.dataset.id = this.id(this.items[place]);
      for (const control of controls(node)) control.tabIndex = place === stop ? 0 : -1;
    }
  }

  /** The place of the row that has the focus. */
  focused() {
    const row = this.list.contains(document.activeElement) ? document.activeElement.closest("li") : null;
    return (row && this.placeOf(row)) ?? null;
  }

  placeOf(row) {
    return this.places.get(Number(row.dataset.id));
  }

  /** The place of the row that Tab reaches: the one it was on, or the first that can be seen. */
  stop(focused, first, end) {
    const before = this.places.get(this.memory.id) ?? -1;
    const place = focused ?? (before >= first && before < end ? before : Math.min(first, this.items.length - 1));
    if (place >= 0) this.memory.id = this.id(this.items[place]);
    return place;
  }

  onKey(event) {
    const page = Math.max(1, Math.floor(this.element.clientHeight / this.rowHeight) - 1);
    const end = this.items.length;
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -end, End: end };
    const here = this.focused();
    if (here === null || !(event.key in steps)) return;
    event.preventDefault();
    this.focus(Math.max(0, Math.min(end - 1, here + steps[event.key])));
  }

  focus(place) {
    const height = this.rowHeight;
    const top = place * height;
    if (top < this.element.scrollTop) this.element.scrollTop = top;
    const bottom = top + height - this.element.clientHeight;
    if (bottom > this.element.scrollTop) this.element.scrollTop = bottom;
    this.draw();
    this.rows.of(this.items[place])?.querySelector("a")?.focus({ preventScroll: true });
  }
}
