// A list of any length that renders only the visible rows and a few around them.
//
// For the keyboard the list is a single tab stop: Tab reaches one row, and the arrow keys move from row to row.

import { h, setChildren } from "./dom.js";
import { focusableElements, KeyedRows } from "./keyed_rows.js";

const OVERSCAN = 8; // rows that are rendered above and below the visible ones
const DEFAULT_ROW_HEIGHT_REM = 4.75;

/**
 * `renderRow(item)` returns the content of a row, `renderEmpty()` what is shown when there are no items. `viewState` is
 * an object that outlives the list; it keeps the scroll position and the row that Tab reaches.
 */
export class VirtualList {
  constructor({ label, id, version, renderRow, renderEmpty, viewState }) {
    this.rows = new KeyedRows({ id, version, render: renderRow });
    this.id = id;
    this.renderEmpty = renderEmpty;
    this.viewState = viewState;
    this.items = [];
    this.indexes = new Map(); // id → index
    this.list = h("ul", { class: "rows", "aria-label": label });
    this.viewport = h("div", { class: "viewport", tabindex: "-1", onscroll: () => this.onScroll() }, this.list);
    this.empty = h("div", { class: "empty", hidden: true });
    this.element = h("div", { class: "virtual-list" }, this.viewport, this.empty);
    this.list.addEventListener("keydown", (event) => this.onKeyDown(event));
    this.list.addEventListener("focusin", () => this.scheduleDraw());
    new ResizeObserver(() => this.scheduleDraw()).observe(this.viewport);
  }

  get rowHeight() {
    const rem = parseFloat(getComputedStyle(this.viewport).getPropertyValue("--row-height")) || DEFAULT_ROW_HEIGHT_REM;
    return rem * parseFloat(getComputedStyle(document.documentElement).fontSize);
  }

  /** Show these items in this order. The scroll position follows the topmost visible item, unless `fromTop` is set. */
  show(items, { fromTop = false } = {}) {
    const height = this.rowHeight;
    const top = this.viewport.scrollTop;
    const topmost = this.items[Math.floor(top / height)];
    this.items = items;
    this.indexes = new Map(items.map((item, index) => [this.id(item), index]));
    this.empty.hidden = items.length > 0;
    this.viewport.hidden = items.length === 0;
    const empty = items.length ? null : this.renderEmpty();
    if (empty !== this.empty.firstChild) setChildren(this.empty, empty);
    this.list.style.height = `${items.length * height}px`;
    const index = topmost && this.indexes.get(this.id(topmost));
    if (fromTop) this.viewport.scrollTop = 0;
    else if (top > 0 && index !== undefined) this.viewport.scrollTop = index * height + (top % height);
    this.scheduleDraw();
  }

  /** Scroll to the position at which the list was left. Call this once the list is in the document. */
  restoreScroll() {
    this.viewport.scrollTop = this.viewState.scrollTop ?? 0;
  }

  onScroll() {
    this.viewState.scrollTop = this.viewport.scrollTop;
    this.scheduleDraw();
  }

  /** Draw in the next animation frame. */
  scheduleDraw() {
    this.frame ??= requestAnimationFrame(() => { this.frame = null; this.draw(); });
  }

  draw() {
    const height = this.rowHeight;
    const { scrollTop, clientHeight } = this.viewport;
    const first = Math.max(0, Math.floor(scrollTop / height) - OVERSCAN);
    const end = Math.min(this.items.length, Math.ceil((scrollTop + clientHeight) / height) + OVERSCAN);
    const indexes = Array.from({ length: Math.max(0, end - first) }, (_, offset) => first + offset);
    // The row with the focus stays rendered wherever the list is scrolled to. Rows are in document order.
    const focused = this.focusedIndex();
    if (focused !== null && focused < first) indexes.unshift(focused);
    else if (focused !== null && focused >= end) indexes.push(focused);
    this.list.style.height = `${this.items.length * height}px`;
    this.rows.show(this.list, indexes.map((index) => this.items[index]));
    const tabStop = this.tabStop(focused, Math.ceil(scrollTop / height), Math.floor((scrollTop + clientHeight) / height));
    for (const index of indexes) {
      const row = this.rows.rowOf(this.items[index]);
      row.style.transform = `translateY(${index * height}px)`;
      row.setAttribute("aria-setsize", this.items.length);
      row.setAttribute("aria-posinset", index + 1);
      row.dataset.id = this.id(this.items[index]);
      for (const element of focusableElements(row)) element.tabIndex = index === tabStop ? 0 : -1;
    }
  }

  /** The index of the row with the focus, or null. */
  focusedIndex() {
    const row = this.list.contains(document.activeElement) ? document.activeElement.closest("li") : null;
    return (row && this.indexes.get(Number(row.dataset.id))) ?? null;
  }

  /** The index of the row that Tab reaches: the one with the focus, the last one that had it, or the first visible. */
  tabStop(focused, firstVisible, endVisible) {
    const last = this.indexes.get(this.viewState.tabStopId) ?? -1;
    const isVisible = last >= firstVisible && last < endVisible;
    const index = focused ?? (isVisible ? last : Math.min(firstVisible, this.items.length - 1));
    if (index >= 0) this.viewState.tabStopId = this.id(this.items[index]);
    return index;
  }

  onKeyDown(event) {
    const page = Math.max(1, Math.floor(this.viewport.clientHeight / this.rowHeight) - 1);
    const count = this.items.length;
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -count, End: count };
    const focused = this.focusedIndex();
    if (focused === null || !Object.hasOwn(steps, event.key)) return;
    event.preventDefault();
    this.focusRow(Math.max(0, Math.min(count - 1, focused + steps[event.key])));
  }

  focusRow(index) {
    const height = this.rowHeight;
    const top = index * height;
    if (top < this.viewport.scrollTop) this.viewport.scrollTop = top;
    const bottom = top + height - this.viewport.clientHeight;
    if (bottom > this.viewport.scrollTop) this.viewport.scrollTop = bottom;
    this.draw(); // renders the row
    this.rows.rowOf(this.items[index])?.querySelector("a")?.focus({ preventScroll: true });
    this.draw(); // makes it the tab stop at once, before another key is pressed
  }
}
