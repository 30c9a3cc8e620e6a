// Fault rules in words.

import { plural } from "./format.js";

/**
 * The members of `then` in words, with `{}` for the value. Written as JSON, so that tests/web/test_page_protocol.py can
 * compare it with the schema of the server.
 */
export const EFFECTS = {
  "result": "reply with result {}",
  "description": "description “{}”",
  "phoneBook": "phonebook result {}",
  "http": "HTTP {} from a proxy",
  "httpBody": "custom body",
  "delaySeconds": "reply delayed by {} s",
  "disconnect": "connection lost {} the request is carried out",
  "body": "reply body: {}",
  "outcome": "receivers end as {}"
};

/** A fault rule in words. */
export function describeFault({ when, then, after, times, fired }) {
  const condition = Object.entries(when).map(([name, value]) => `${name} ${[value].flat().join(" or ")}`).join(", ") || "any request";
  const effect = Object.entries(then).map(([name, value]) => describeEffect(name, value)).join(", ");
  const duration = times === 0 ? "until removed" : plural(times, "time");
  return `${condition}: ${effect}; ${duration}${after ? `, after ${plural(after, "request")}` : ""}; fired ${plural(fired, "time")}`;
}

function describeEffect(name, value) {
  return Object.hasOwn(EFFECTS, name) ? EFFECTS[name].replace("{}", () => value) : `${name} ${JSON.stringify(value)}`;
}
