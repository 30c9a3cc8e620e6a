// The control plane over HTTP. With a control token set, whoever asks first is asked for it.

import { button, field, fill, h } from "./dom.js";

const STORED = "fakeserver-control-token";

/** A request that was refused, or never answered; `message` says why. */
export class Problem extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

/** The document that answers a control request; null when there is none. Throws Problem. */
export async function call(method, path, body) {
  const reply = await request(`/_fake${path}`, {
    method,
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await reply.text().catch(unanswered);
  const document = text ? JSON.parse(text) : null;
  if (!reply.ok) throw new Problem(reply.status, document?.detail ?? reply.statusText);
  return document;
}

/** `fetch` with the token, if there is one; a refusal for want of it asks for it and tries again. Throws Problem. */
export async function request(path, options = {}) {
  for (;;) {
    const token = sessionStorage.getItem(STORED);
    const headers = { ...options.headers, ...(token ? { Authorization: `Bearer ${inBytes(token)}` } : {}) };
    const reply = await fetch(path, { ...options, headers }).catch(unanswered);
    if (reply.status !== 401) return reply;
    // Another request may have been told a better one meanwhile.
    if (token === sessionStorage.getItem(STORED)) await askForToken(token !== null);
  }
}

export function unanswered() {
  throw new Problem(0, "The server does not answer");
}

/** A header's characters stand for bytes; these are those of the text in UTF-8. */
function inBytes(text) {
  return String.fromCharCode(...new TextEncoder().encode(text));
}

let asking = null;

function askForToken(again) {
  asking ??= new Promise((resolve) => {
    const dialog = document.getElementById("token");
    const input = h("input", { type: "password", autocomplete: "off", required: true, "aria-describedby": "token-why" });
    const form = h(
      "form",
      { method: "dialog", class: "stack", onsubmit: () => sessionStorage.setItem(STORED, input.value) },
      h("h2", { id: "token-title" }, "Control token"),
      h("p", { id: "token-why", class: again ? "refusal" : null },
        again ? "That token is not right." : "This server asks for its control token (--control-token)."),
      field("Token", input, "Kept until this tab is closed."),
      h("p", {}, h("button", { class: "primary" }, "Open the inbox")),
    );
    dialog.addEventListener("cancel", (event) => event.preventDefault(), { once: true });
    dialog.addEventListener("close", () => { asking = null; resolve(); }, { once: true });
    fill(dialog, form);
    dialog.showModal();
    input.focus();
  });
  return asking;
}

/** Do what may be refused; the reason stands in `told` until the next attempt. */
export async function attempt(told, perform) {
  told.textContent = "";
  try {
    await perform();
  } catch (error) {
    if (!(error instanceof Problem)) reportError(error);
    told.textContent = error.message;
  }
}

/** Where the reason of a refusal is told. */
export function refusal() {
  return h("span", { class: "refusal", role: "alert" });
}

/** A button whose doing may be refused; the reason is shown beside it. */
export function deed(text, perform, attributes = {}) {
  const told = refusal();
  return h("span", { class: "deed" }, button(text, () => attempt(told, perform), attributes), told);
}
