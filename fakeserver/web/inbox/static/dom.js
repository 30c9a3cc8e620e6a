// Helpers to build elements. Content is always inserted as text: nothing here parses HTML.

// Set as properties, because their attributes only hold the initial value.
const PROPERTIES = new Set(["value", "checked", "selected"]);

/** Create an element with attributes, listeners (`onclick`) and children. Null attributes and children are skipped. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (PROPERTIES.has(name)) element[name] = value;
    else if (value === true) element.setAttribute(name, "");
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, String(value));
  }
  return setChildren(element, ...children);
}

/** Replace the children of an element. Null children are skipped, arrays are flattened. */
export function setChildren(element, ...children) {
  element.replaceChildren(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** Set the text of an element, but only if it differs: a screen reader would announce the same text again. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** A form control with its label. */
export function field(label, control, hint = null) {
  return h("label", { class: "field" }, h("span", { class: "label" }, label), control, hint && h("small", {}, hint));
}

export function button(text, onclick, attributes = {}) {
  return h("button", { type: "button", onclick, ...attributes }, text);
}

/** A button that copies a text to the clipboard and confirms it. */
export function copyButton(text, label, attributes = {}) {
  const element = button(label, async () => {
    const copied = await copyToClipboard(text);
    announce(copied ? "Copied" : "The browser does not allow copying");
    if (!copied) return;
    element.classList.add("copied");
    setTimeout(() => element.classList.remove("copied"), 1200);
  }, attributes);
  return element;
}

/** Copy a text to the clipboard and return whether that succeeded. */
async function copyToClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Without a permission or a secure context (http on a host name), only a selection can be copied.
    const focused = document.activeElement;
    const area = h("textarea", { class: "visually-hidden", value: text, "aria-hidden": "true", tabindex: "-1" });
    document.body.append(area);
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    focused?.focus();
    return copied;
  }
}

/** Announce a text to screen readers, even if it is the same as the last one. */
export function announce(text) {
  const announcements = document.getElementById("announcements");
  announcements.replaceChildren();
  announcements.append(text);
}
