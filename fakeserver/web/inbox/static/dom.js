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
  return fill(element, ...children);
}

// Set as properties: their attributes are only the beginning of them.
const PROPERTIES = { value: true, checked: true, selected: true };

/** Put these in the place of what the element holds. */
export function fill(element, ...children) {
  element.replaceChildren(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** Let the element say this; one that says it already is left alone, for a screen reader would read it again. */
export function tell(element, text) {
  if (element.textContent !== text) element.textContent = text;
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
  const press = button(label, async () => {
    const done = await copy(text);
    say(done ? "Copied" : "The browser does not allow to copy");
    if (!done) return;
    press.classList.add("copied");
    setTimeout(() => press.classList.remove("copied"), 1200);
  }, attributes);
  return press;
}

/** Whether the text is in the clipboard now. */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Without a secure context (a container's name, http) or a permission, only a selection can be copied.
    const focused = document.activeElement;
    const area = h("textarea", { class: "unseen", value: text, "aria-hidden": "true", tabindex: "-1" });
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    focused?.focus();
    return done;
  }
}

/** Tell a screen reader; the same words again are told again. */
export function say(text) {
  const said = document.getElementById("said");
  said.replaceChildren();
  said.append(text);
}
