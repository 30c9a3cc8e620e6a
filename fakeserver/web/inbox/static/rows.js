// Rows made once and kept: one is made anew only when its item has changed, and what has the focus keeps it.

import { fill, h } from "./dom.js";

/**
 * `make(item, node)` gives the content of an item's `li`. It is made anew when `version` is another, or when what
 * `source` gives is another object: after a reset, another message may have the same id.
 */
export class Rows {
  constructor({ id, source = (item) => item, version = () => 0, make }) {
    Object.assign(this, { id, source, version, make });
    this.kept = new Map(); // id → { node, source, version }
  }

  /** Put the rows of these items into the list, in this order, and no others. */
  show(list, items) {
    const wanted = new Set(items.map((item) => this.id(item)));
    // First of all, so that those that stay need not be moved: whoever is moved loses the focus.
    for (const [id, { node }] of this.kept) {
      if (wanted.has(id)) continue;
      node.remove();
      this.kept.delete(id);
    }
    let next = list.firstChild;
    for (const item of items) {
      const node = this.node(item);
      if (node === next) next = next.nextSibling;
      else list.insertBefore(node, next);
    }
  }

  /** The row of an item that is shown. */
  of(item) {
    return this.kept.get(this.id(item))?.node;
  }

  node(item) {
    const id = this.id(item);
    const [source, version] = [this.source(item), this.version(item)];
    const known = this.kept.get(id);
    if (known && known.source === source && known.version === version) return known.node;
    const node = known?.node ?? h("li");
    const place = controls(node).indexOf(document.activeElement);
    fill(node, this.make(item, node));
    if (place >= 0) controls(node)[place]?.focus({ preventScroll: true });
    this.kept.set(id, { node, source, version });
    return node;
  }
}

/** What can have the focus within an element, in order. */
export function controls(element) {
  return [...element.querySelectorAll("a, button, [tabindex]")];
}
