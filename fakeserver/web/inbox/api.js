// The control plane over HTTP. With a control token set, whoever asks first is asked for it.

import { button, field, fill, h } from "./dom.js";

const STORED = "fakeserver-control-token";

/** A request that was refused; `detail` says why. */
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
  const text = await reply.text();
  const document = text ? JSON.parse(text) : null;
  if (!reply.ok) throw new Problem(reply.status, document?.detail ?? reply.statusText);
  return document;
}

/** `fetch` with the token, if there is one; a refusal for want of it asks for it and tries again. */
export async function request(path, options = {}) {
  for (;;) {
    const token = sessionStorage.getItem(STORED);
    const headers = { ...options.headers, ...(token ? { Authorization: `Bearer ${token}` } : {}) };
    const reply = await fetch(path, { ...options, headers });
    if (reply.status !== 401) return reply;
    await askForToken(token !== null);
  }
}

let asking = null;

function askForToken(again) {
  asking ??= new Promise((resolve) => {
    const dialog = document.getElementById("token");
    const input = h("input", { type: "password", autocomplete: "off", required: true });
    const form = h(
      "form",
      { method: "dialog", class: "stack", onsubmit: () => sessionStorage.setItem(STORED, input.value) },
      h("h2", { id: "token-title" }, "Control token"),
      h("p", {}, again ? "That token is not right." : "This server asks for its control token (--control-token)."),
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

/** A button whose doing may be refused; the reason is shown beside it. */
export function deed(text, perform, attributes = {}) {
  const told = h("span", { class: "refusal", role: "alert" });
  const press = button(text, async () => {
    told.textContent = "";
    try {
      await perform();
    } catch (error) {
      told.textContent = error.message;
    }
  }, attributes);
  return h("span", { class: "deed" }, press, told);
}
