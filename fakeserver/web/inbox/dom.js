// Elements. Whatever comes from elsewhere is inserted as text, never as markup: nothing here parses HTML.

/** An element with attributes, listeners (`onclick`), and children; a child that is null is left out. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name in PROPERTIES) element[name] = value;
    else if (value === true) element.setAttribute(name, "");
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, String(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

// Set as properties: their attributes are only the beginning of them.
const PROPERTIES = { value: true, checked: true, selected: true };

/** Put these in the place of what the element holds. */
export function fill(element, ...children) {
  element.replaceChildren(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** A labelled control: the label's text, and the input it belongs to. */
export function field(label, control, hint = null) {
  return h("label", { class: "field" }, h("span", { class: "label" }, label), control, hint && h("small", {}, hint));
}

export function button(text, onclick, attributes = {}) {
  return h("button", { type: "button", onclick, ...attributes }, text);
}

/** A button that copies a text and says so. */
export function copyButton(text, label, attributes = {}) {
  return button(label, async (event) => {
    await copy(text);
    say("Copied");
    event.target.classList.add("copied");
    setTimeout(() => event.target.classList.remove("copied"), 1200);
  }, attributes);
}

async function copy(text) {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
    return;
  }
  // Without a secure context (a container's name, http) there is no clipboard but by a selection.
  const area = h("textarea", { class: "unseen", value: text, "aria-hidden": "true" });
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

/** Tell a screen reader. */
export function say(text) {
  document.getElementById("said").textContent = text;
}
