// What can be made to go wrong with one click, and how a fault is told.

import { plural } from "./words.js";

const SENDING = ["send", "sendServices", "sendOTP"];

/** A preset makes faults, or changes settings; what it does is told by the list of faults, or by the settings. */
export const PRESETS = [
  { name: "Operator down for the next 3 sends", faults: [{ when: { action: "send" }, times: 3, then: { result: "112" } }] },
  { name: "Credit used up", settings: { credit: 0 } },
  { name: "Key disabled", settings: { webservice_enabled: false } },
  { name: "Replies 5 s late", faults: [{ times: 0, then: { delay: 5 } }] },
  { name: "Connection lost after acceptance", faults: SENDING.map((action) => ({ when: { action }, then: { disconnect: "after" } })) },
  { name: "A proxy answers 502, once", faults: [{ then: { http: 502 } }] },
  { name: "Next messages are not delivered", faults: [{ times: 0, then: { outcome: "undelivered" } }] },
];

const WORDS = {
  result: (code) => `the answer is ${code}`,
  description: (text) => `“${text}”`,
  phoneBook: (code) => `the phonebook's answer is ${code}`,
  http: (code) => `a proxy answers ${code}`,
  http_body: () => "with a body of its own",
  delay: (seconds) => `the reply is ${seconds} s late`,
  disconnect: (when) => (when === "after" ? "the connection breaks after the request was carried out"
    : "the connection breaks before anything happened"),
  body: (what) => `the reply is ${what}`,
  outcome: (word) => `receivers end as ${word}`,
};

/** A fault in words. */
export function told({ when, then, after, times, fired }) {
  const which = Object.entries(when).map(([name, value]) => `${name} ${[value].flat().join(" or ")}`).join(", ") || "any request";
  const what = Object.entries(then).map(([name, value]) => WORDS[name]?.(value) ?? `${name} ${value}`).join(", ");
  const often = times === 0 ? "until it is removed" : plural(times, "time");
  return `${which}: ${what}; ${often}${after ? `, after ${plural(after, "request")}` : ""}; fired ${plural(fired, "time")}`;
}
