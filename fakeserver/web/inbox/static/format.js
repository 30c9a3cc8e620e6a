// How statuses, times, amounts and texts are displayed.

import { DELIVERED, FAILED, STATUS_LABELS } from "./protocol.js";

/** The pair of statuses of a receiver, or of a step in its history, as in protocol.js: `2,3`. */
export function statusPair({ processingStatus, sendStatus }) {
  return `${processingStatus},${sendStatus}`;
}

/** The label of a pair of statuses. */
export function statusLabel(receiver) {
  return STATUS_LABELS[statusPair(receiver)] ?? "unknown";
}

/** The numbers of a pair of statuses: `(2,3)`, with a typographic minus sign. */
export function statusNumbers(receiver) {
  return `(${statusPair(receiver)})`.replaceAll("-", "−");
}

/** The CSS class of a pair of statuses. */
export function statusClass(receiver) {
  const pair = statusPair(receiver);
  return pair === DELIVERED ? "success" : FAILED.includes(pair) ? "failure" : "neutral";
}

/** Whether an ISO time is earlier than another. The `Z` is left out, because it sorts after a fraction. */
export function isBefore(one, other) {
  return one.slice(0, -1) < other.slice(0, -1);
}

/** The time of day of an ISO time in seconds, with the date if that differs from the date of `now`. */
export function clockTime(iso, now = "") {
  return exactTime(iso, now).replace(/\.\d+$/, "");
}

/** The same in milliseconds. */
export function exactTime(iso, now = "") {
  const [date, time] = iso.replace("Z", "").split("T");
  return now && dateOf(now) !== date ? `${date} ${time}` : time;
}

/** The date of an ISO time. */
export function dateOf(iso) {
  return iso.split("T")[0];
}

/** Date and time of an ISO time. */
export function fullTime(iso) {
  return `${iso.replace("T", " ").replace("Z", "")} UTC`;
}

const NUMBER = new Intl.NumberFormat("en");

export function rials(amount) {
  return `${NUMBER.format(amount)} rials`;
}

export function plural(count, one, many = `${one}s`) {
  return `${NUMBER.format(count)} ${count === 1 ? one : many}`;
}

/** The first `length` characters of a text. A surrogate pair is not split. */
export function truncate(text, length) {
  if (text.length <= length) return text;
  return `${Array.from(text.slice(0, 2 * length)).slice(0, length).join("")}…`;
}
