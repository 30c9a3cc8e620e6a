// The event stream of the server. It is read with `fetch`, because EventSource cannot send a token.

import { ApiError, request, throwNoAnswer } from "./api.js";

const RETRY_DELAYS_MS = [250, 500, 1000, 2000, 5000];

/**
 * Listen to the event stream and reconnect whenever it ends.
 *
 * `onOpen` is called after each connection: earlier events are not repeated, so the page has to load its data again.
 * `onEvent(name, data)` is called for each event, and `onClose` when the connection is lost.
 */
export async function listen({ onOpen, onEvent, onClose }) {
  for (let failures = 0; ; failures += 1) {
    const connection = new AbortController();
    try {
      const reply = await request("/_fake/events", { signal: connection.signal });
      if (reply.ok) {
        await onOpen();
        failures = 0;
        await readEvents(reply.body.getReader(), onEvent);
      }
    } catch (error) {
      // An ApiError means that the server is gone. Any other error is a bug of this page.
      if (!(error instanceof ApiError)) reportError(error);
    }
    connection.abort();
    onClose();
    await new Promise((resolve) => setTimeout(resolve, RETRY_DELAYS_MS[Math.min(failures, RETRY_DELAYS_MS.length - 1)]));
  }
}

async function readEvents(reader, onEvent) {
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read().catch(throwNoAnswer);
    if (done) return;
    const blocks = (rest + decoder.decode(value, { stream: true })).split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) parseEvent(block, onEvent);
  }
}

function parseEvent(block, onEvent) {
  const lines = block.split("\n");
  const name = lines.find((line) => line.startsWith("event: "))?.slice(7);
  const data = lines.find((line) => line.startsWith("data: "))?.slice(6);
  if (name && data) onEvent(name, JSON.parse(data));
}
