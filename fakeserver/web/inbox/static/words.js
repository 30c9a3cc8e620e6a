// How things are put: statuses, times, money, a request as a curl command.

const PAIRS = {
  "3,-1": "scheduled", "0,-1": "awaiting", "1,-1": "queued", "2,-1": "handed over", "2,0": "at the telecom",
  "2,1": "reached", "2,2": "unreached", "2,3": "delivered", "2,4": "undelivered", "2,5": "blacklisted",
  "2,6": "expired", "2,7": "rejected", "4,2": "returned", "5,-2": "cancelled",
};
const GOOD = new Set(["delivered"]);
const BAD = new Set(["undelivered", "blacklisted", "expired", "rejected", "returned", "cancelled", "unreached"]);

/** Every word for a pair of statuses. */
export const WORDS = Object.values(PAIRS);

/** The word for a receiver's pair of statuses. */
export function word(receiver) {
  return PAIRS[`${receiver.processingStatus},${receiver.sendStatus}`] ?? "unknown";
}

/** The pair as the guide's numbers: `(2,3)`, with a real minus sign. */
export function pair(receiver) {
  return `(${receiver.processingStatus},${receiver.sendStatus})`.replaceAll("-", "−");
}

export function tone(name) {
  return GOOD.has(name) ? "good" : BAD.has(name) ? "bad" : "open";
}

/** Whether an ISO time is before another. A whole second has no fraction: compared with its Z it would be later. */
export function isBefore(one, other) {
  return one.slice(0, -1) < other.slice(0, -1);
}

/** The time of day of an ISO time, to the second; with the date where that is another than today's of the account. */
export function clockTime(iso, now = "") {
  return exactTime(iso, now).replace(/\.\d+$/, "");
}

/** Likewise, to the millisecond. */
export function exactTime(iso, now = "") {
  const [date, time] = iso.replace("Z", "").split("T");
  return now && day(now) !== date ? `${date} ${time}` : time;
}

/** The day of an ISO time. */
export function day(iso) {
  return iso.split("T")[0];
}

/** An ISO time whole, for people. */
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

/** The first `length` characters, none of them halved. */
export function beginning(text, length) {
  if (text.length <= length) return text;
  return `${Array.from(text.slice(0, 2 * length)).slice(0, length).join("")}…`;
}

const DIGITS = "۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩";

/** Persian and Arabic digits as 0 to 9. */
function latinDigits(text) {
  return text.replace(/[۰-۹٠-٩]/g, (digit) => DIGITS.indexOf(digit) % 10);
}

/** A mobile number as the panel writes it, from any of its written forms; other texts as they are. */
export function normalised(number) {
  const plain = latinDigits(number).trim();
  const match = /^(?:0098|\+98|98|0)?(9[0-9]{9})$/.exec(plain.replace(/[\s-]/g, ""));
  return match ? match[1] : plain;
}

/** What a part of a mobile number, as somebody types it, is of the number as the panel writes it. */
export function partOfNumber(text) {
  return normalised(text).replace(/^(?:0098|\+98|0)/, "").replace(/[\s-]/g, "");
}

/** A text for a search that is not particular: of case, of Persian and Arabic letters, of digits. */
export function folded(text) {
  return latinDigits(text).toLowerCase().replace(/[يى]/g, "ی").replaceAll("ك", "ک");
}

// What a form does not have to encode, and what a shell does not have to quote.
const PLAIN = /^[A-Za-z0-9_.,:-]*$/;
const UNQUOTED = /^[A-Za-z0-9_.,:/=@%+-]+$/;
// A terminal may obey them, even in quotes; the last ones only change how a command looks, which is bad enough.
const CONTROLS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

/** A shell's quotes around a text. */
function quoted(text) {
  return UNQUOTED.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** The request as a curl command; `params` may hold arrays and objects, which become brackets. */
export function curl(method, key, params) {
  const address = `${location.origin}/webservice/server`;
  const get = method === "GET";
  const words = ["curl", get ? "-G" : "", quoted(address)];
  if (get) words.push("--data-urlencode", quoted(`key=${key}`));
  else words.push("-H", quoted(`Authorization: ${key}`));
  if (!get && method !== "POST") words.push("-X", quoted(method));
  for (const [name, value] of flat(params)) words.push(...parameter(name, String(value)));
  return words.filter(Boolean).join(" ");
}

/** One parameter; curl encodes values, but not names. */
function parameter(name, value) {
  const encoded = PLAIN.test(name) ? name : percents(name);
  if (CONTROLS.test(value)) return ["-d", quoted(`${encoded}=${percents(value)}`)];
  return [PLAIN.test(value) ? "-d" : "--data-urlencode", quoted(`${encoded}=${value}`)];
}

/** Percent-encoded; half a surrogate pair has no encoding. Brackets stay, to be read. */
function percents(text) {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, "\ufffd")).replace(/%5B/g, "[").replace(/%5D/g, "]");
}

function* flat(params, within = "") {
  for (const [name, value] of Object.entries(params)) {
    const whole = within ? `${within}[${name}]` : name;
    if (value !== null && typeof value === "object") yield* flat(value, whole);
    else yield [whole, value ?? ""];
  }
}
