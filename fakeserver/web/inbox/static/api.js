// Requests to the control plane. If the server requires a control token, the page asks the user for it.

import { button, field, h, setChildren } from "./dom.js";

const TOKEN_ITEM = "fakeserver-control-token"; // in the session storage

/** A request that the server refused, or did not answer (status 0). `message` says why. */
export class ApiError extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

/** Send a request to the control plane and return the document in the reply, or null. Throws ApiError. */
export async function call(method, path, body) {
  const reply = await request(`/_fake${path}`, {
    method,
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await reply.text().catch(throwNoAnswer);
  const document = text ? JSON.parse(text) : null;
  if (!reply.ok) throw new ApiError(reply.status, document?.detail ?? reply.statusText);
  return document;
}

/** `fetch` with the control token. If the server refuses it, asks for another token and retries. Throws ApiError. */
export async function request(path, options = {}) {
  for (;;) {
    const token = sessionStorage.getItem(TOKEN_ITEM);
    const headers = { ...options.headers, ...(token ? { Authorization: `Bearer ${toByteString(token)}` } : {}) };
    const reply = await fetch(path, { ...options, headers }).catch(throwNoAnswer);
    if (reply.status !== 401) return reply;
    // The user may have entered another token while this request was pending.
    if (token === sessionStorage.getItem(TOKEN_ITEM)) await askForToken(token !== null);
  }
}

export function throwNoAnswer() {
  throw new ApiError(0, "The server does not answer");
}

/** Ignore an ApiError, where the event stream reports the reason: the server or the account is gone. */
export function ignoreApiError(error) {
  if (!(error instanceof ApiError)) throw error;
}

/** Encode a text as UTF-8 for a header, in which each character stands for one byte. */
function toByteString(text) {
  return String.fromCharCode(...new TextEncoder().encode(text));
}

let tokenPrompt = null; // a promise while the dialog is open

function askForToken(wasRejected) {
  tokenPrompt ??= new Promise((resolve) => {
    const dialog = document.getElementById("token-dialog");
    const input = h("input", { type: "password", autocomplete: "off", required: true, "aria-describedby": "token-description" });
    const form = h(
      "form",
      { method: "dialog", class: "stack", onsubmit: () => sessionStorage.setItem(TOKEN_ITEM, input.value) },
      h("h2", { id: "token-title" }, "Control token"),
      h("p", { id: "token-description", class: wasRejected ? "error" : null },
        wasRejected ? "This token is wrong." : "This server requires its control token (--control-token)."),
      field("Token", input, "Kept until this tab is closed."),
      h("p", {}, h("button", { class: "primary" }, "Open the inbox")),
    );
    dialog.addEventListener("cancel", (event) => event.preventDefault(), { once: true });
    dialog.addEventListener("close", () => { tokenPrompt = null; resolve(); }, { once: true });
    setChildren(dialog, form);
    dialog.showModal();
    input.focus();
  });
  return tokenPrompt;
}

/** Run an action that may fail. The reason is shown in `output` until the next attempt. */
export async function attempt(output, action) {
  output.textContent = "";
  try {
    await action();
  } catch (error) {
    if (!(error instanceof ApiError)) reportError(error);
    output.textContent = error.message;
  }
}

/** An element that shows why an action failed. */
export function errorOutput() {
  return h("span", { class: "error", role: "alert" });
}

/** A button that runs an action. If the action fails, the reason is shown beside the button. */
export function actionButton(text, action, attributes = {}) {
  const output = errorOutput();
  return h("span", { class: "action" }, button(text, () => attempt(output, action), attributes), output);
}
