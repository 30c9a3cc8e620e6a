// The server's event stream. Read by fetch, for EventSource cannot carry a token; it connects again by itself.

import { Problem, request, unanswered } from "./api.js";

const PAUSES_MS = [250, 500, 1000, 2000, 5000];

/**
 * Listen for good. `opened` is called at each connection, for what happened before it was not told;
 * `event(name, data)` for each event; `lost` when the connection is gone.
 */
export async function listen({ opened, event, lost }) {
  for (let failures = 0; ; failures += 1) {
    const connection = new AbortController();
    try {
      const reply = await request("/_fake/events", { signal: connection.signal });
      if (reply.ok) {
        await opened();
        failures = 0;
        await read(reply.body.getReader(), event);
      }
    } catch (error) {
      // The server is gone, or will be; anything else is a mistake of this page.
      if (!(error instanceof Problem)) reportError(error);
    }
    connection.abort();
    lost();
    await new Promise((resolve) => setTimeout(resolve, PAUSES_MS[Math.min(failures, PAUSES_MS.length - 1)]));
  }
}

async function read(reader, event) {
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read().catch(unanswered);
    if (done) return;
    const blocks = (rest + decoder.decode(value, { stream: true })).split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) dispatch(block, event);
  }
}

function dispatch(block, event) {
  const lines = block.split("\n");
  const name = lines.find((line) => line.startsWith("event: "))?.slice(7);
  const data = lines.find((line) => line.startsWith("data: "))?.slice(6);
  if (name && data) event(name, JSON.parse(data));
}
