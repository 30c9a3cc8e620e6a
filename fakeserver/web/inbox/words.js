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

/** The time of day of an ISO time; with the date where that is another than today's of the account. */
export function clockTime(iso, now = "") {
  const [date, rest] = iso.split("T");
  const time = rest.replace("Z", "").replace(/\.\d+$/, "");
  return now && !now.startsWith(date) ? `${date} ${time}` : time;
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

/** A mobile number as the panel writes it, from any of its written forms; other texts as they are. */
export function normalised(number) {
  const match = /^(?:0098|\+98|98|0)?(9[0-9]{9})$/.exec(number.trim());
  return match ? match[1] : number.trim();
}

// What a form does not have to encode.
const PLAIN = /^[A-Za-z0-9_.,:-]*$/;

/** A shell's quotes around a text. */
function quoted(text) {
  return /^[A-Za-z0-9_.,:/=@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** The request as a curl command; `params` may hold arrays and objects, which become brackets. */
export function curl(method, key, params) {
  const address = `${location.origin}/webservice/server`;
  const get = method === "GET";
  const words = ["curl", get ? "-G" : "", quoted(address)];
  if (get) words.push("--data-urlencode", quoted(`key=${key}`));
  else words.push("-H", quoted(`Authorization: ${key}`));
  if (!get && method !== "POST") words.push("-X", method);
  for (const [name, value] of flat(params)) {
    words.push(PLAIN.test(value) ? "-d" : "--data-urlencode", quoted(`${name}=${value}`));
  }
  return words.filter(Boolean).join(" ");
}

function* flat(params) {
  for (const [name, value] of Object.entries(params)) {
    if (value !== null && typeof value === "object") {
      for (const [inner, item] of Object.entries(value)) yield [`${name}[${inner}]`, item];
    } else yield [name, value];
  }
}
