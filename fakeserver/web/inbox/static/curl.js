// A request as a curl command for a POSIX shell.

// What a form need not encode, and what a shell need not quote.
const NEEDS_NO_ENCODING = /^[A-Za-z0-9_.,:-]*$/;
const NEEDS_NO_QUOTES = /^[A-Za-z0-9_.,:/=@%+-]+$/;
// Control characters, which a terminal may obey even within quotes, and those that change the direction of text.
const CONTROLS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

/** The curl command of a request. Arrays and objects in `params` are written with brackets. */
export function curlCommand(method, key, params) {
  const endpoint = `${location.origin}/webservice/server`;
  const isGet = method === "GET";
  const words = ["curl", isGet ? "-G" : "", quote(endpoint)];
  if (isGet) words.push("--data-urlencode", quote(`key=${key}`));
  else words.push("-H", quote(`Authorization: ${key}`));
  if (!isGet && method !== "POST") words.push("-X", quote(method));
  for (const [name, value] of flatten(params)) words.push(...dataOption(name, String(value)));
  return words.filter(Boolean).join(" ");
}

/** Quote a word for the shell. */
function quote(text) {
  return NEEDS_NO_QUOTES.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** The option for one parameter. curl encodes values, but not names. */
function dataOption(name, value) {
  const encodedName = NEEDS_NO_ENCODING.test(name) ? name : percentEncode(name);
  if (CONTROLS.test(value)) return ["-d", quote(`${encodedName}=${percentEncode(value)}`)];
  return [NEEDS_NO_ENCODING.test(value) ? "-d" : "--data-urlencode", quote(`${encodedName}=${value}`)];
}

/** Percent-encode a text, but keep brackets readable. A lone surrogate cannot be encoded and is replaced. */
function percentEncode(text) {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, "\ufffd")).replace(/%5B/g, "[").replace(/%5D/g, "]");
}

function* flatten(params, parent = "") {
  for (const [name, value] of Object.entries(params)) {
    const path = parent ? `${parent}[${name}]` : name;
    if (value !== null && typeof value === "object") yield* flatten(value, path);
    else yield [path, value ?? ""];
  }
}
