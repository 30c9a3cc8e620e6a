// List rows that are reused: a row is rendered again only when its item has changed, and it keeps the focus.

import { h, setChildren } from "./dom.js";

/**
 * `id(item)` identifies the row of an item, and `render(item, row)` returns the content of the row. The content is
 * rendered again when `version(item)` differs, or when `source(item)` is another object: after a reset, a new item may
 * have the id of an old one.
 */
export class KeyedRows {
  constructor({ id, source = (item) => item, version = () => 0, render }) {
    Object.assign(this, { id, source, version, render });
    this.cache = new Map(); // id → { row, source, version }
  }

  /** Show the rows of these items in the list, in this order, and remove all others. */
  show(list, items) {
    const wanted = new Set(items.map((item) => this.id(item)));
    // Remove rows first, so that the others need not be moved: an element that is moved loses the focus.
    for (const [id, { row }] of this.cache) {
      if (wanted.has(id)) continue;
      row.remove();
      this.cache.delete(id);
    }
    let next = list.firstChild;
    for (const item of items) {
      const row = this.update(item);
      if (row === next) next = next.nextSibling;
      else list.insertBefore(row, next);
    }
  }

  /** The row of an item, if it is shown. */
  rowOf(item) {
    return this.cache.get(this.id(item))?.row;
  }

  /** The row of an item with its current content. */
  update(item) {
    const id = this.id(item);
    const [source, version] = [this.source(item), this.version(item)];
    const cached = this.cache.get(id);
    if (cached && cached.source === source && cached.version === version) return cached.row;
    const row = cached?.row ?? h("li");
    const focused = focusableElements(row).indexOf(document.activeElement);
    setChildren(row, this.render(item, row));
    if (focused >= 0) focusableElements(row)[focused]?.focus({ preventScroll: true });
    this.cache.set(id, { row, source, version });
    return row;
  }
}

/** The elements within an element that can have the focus, in document order. */
export function focusableElements(element) {
  return [...element.querySelectorAll("a, button, [tabindex]")];
}
