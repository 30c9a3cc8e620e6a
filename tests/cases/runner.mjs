// Runs the cases of the contracts as contracts/README.md describes: `node runner.mjs BASE_URL FOLDER`.
// Prints the cases that failed and those that fetch does not support. The exit status is 1 if a case failed.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const [base, folder] = process.argv.slice(2);
const PATH = "/webservice/server";
const VARIANTS = [["GET", ""], ["POST", "form"], ["POST", "multipart"], ["POST", "json"]];

async function control(method, path, body) {
  const reply = await fetch(`${base}/_fake${path}`, { method, body: body && JSON.stringify(body) });
  if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${await reply.text()}`);
  return reply.status === 204 ? null : reply.json();
}

/** The value with saved values in place of `${name}`. */
function substitute(value, saved) {
  if (typeof value === "string") return value.replace(/\$\{([A-Za-z][A-Za-z0-9]*)\}/g, (_, name) => saved[name]);
  if (Array.isArray(value)) return value.map((item) => substitute(item, saved));
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).map(([name, item]) => [substitute(name, saved), substitute(item, saved)]);
  return Object.fromEntries(entries);
}

/** Whether a reply is what a case expects. */
function equal(expected, actual) {
  if (expected === null || typeof expected !== "object") return expected === actual;
  if ("$matches" in expected) {
    return ["string", "number"].includes(typeof actual) && new RegExp(expected.$matches, "u").test(actual);
  }
  if (actual === null || typeof actual !== "object" || Array.isArray(expected) !== Array.isArray(actual)) return false;
  const names = Object.keys(expected);
  return names.length === Object.keys(actual).length
    && names.every((name) => name in actual && equal(expected[name], actual[name]));
}

/** The parameters of a form, with brackets for lists and objects. */
function flattened(params) {
  return Object.entries(params).flatMap(([name, value]) => (value !== null && typeof value === "object"
    ? Object.entries(value).map(([inner, item]) => [`${name}[${inner}]`, String(item)])
    : [[name, String(value)]]));
}

function rawBody(raw) {
  if (typeof raw === "string") return Buffer.from(raw);
  return raw.base64 === undefined ? Buffer.from(raw.repeat.repeat(raw.times)) : Buffer.from(raw.base64, "base64");
}

/** The ways in which the request of a case has to be made. */
function variants(request) {
  if (request.raw !== undefined) return [[request.method, ""]];
  const allowed = VARIANTS.filter(([method, encoding]) =>
    (request.method ?? method) === method && (request.encoding ?? encoding) === encoding);
  return allowed.length ? allowed : [[request.method, "form"]];
}

/** The body and its content type, which is null if fetch chooses it. */
function encode(params, encoding) {
  if (encoding === "json") return [JSON.stringify(params), "application/json"];
  if (encoding === "form") return [new URLSearchParams(flattened(params)).toString(), "application/x-www-form-urlencoded"];
  const form = new FormData();
  for (const [name, value] of flattened(params)) form.append(name, value);
  return [form, null]; // fetch chooses the boundary
}

async function send(request, [method, encoding], keys) {
  const key = "key" in request ? request.key : keys[request.account ?? Object.keys(keys)[0]];
  const headers = new Headers();
  let target = PATH;
  let body;
  if (method === "GET") {
    const params = flattened(request.params ?? {});
    target += `?${new URLSearchParams([...(key === null ? [] : [["key", key]]), ...params])}`;
  } else {
    if (key !== null) headers.set("Authorization", key);
    if (request.raw !== undefined) body = rawBody(request.raw);
    else if (request.params) {
      const [content, type] = encode(request.params, encoding);
      body = content;
      if (type) headers.set("Content-Type", type);
    }
  }
  for (const [name, value] of Object.entries(request.headers ?? {})) headers.set(name, value);
  return fetch(base + (request.path ?? target), { method, headers, body });
}

async function exchange(step, variant, keys, saved) {
  const request = substitute(step.request, saved);
  const allowed = variants(request);
  const reply = await send(request, allowed.find((one) => String(one) === String(variant)) ?? allowed[0], keys);
  const text = await reply.text();
  const expected = substitute(step.expect, saved);
  if (reply.status !== (expected.http ?? 200)) throw new Error(`unexpected HTTP status ${reply.status}`);
  if ("text" in expected && text !== expected.text) throw new Error(`unexpected text ${text}`);
  if ("reply" in expected && !equal(expected.reply, JSON.parse(text))) throw new Error(`unexpected reply ${text}`);
  for (const [name, pointer] of Object.entries(step.save ?? {})) {
    saved[name] = pointer.split("/").slice(1).reduce((value, part) => value[part], JSON.parse(text));
  }
}

/** Carries out a step that is not a request. */
async function carryOut(step, keys, saved) {
  const account = (name) => `/accounts/${encodeURIComponent(keys[name ?? Object.keys(keys)[0]])}`;
  if ("advance" in step) {
    for (const name of Object.keys(keys)) await control("POST", `${account(name)}/clock`, { advance: step.advance });
    return;
  }
  const { account: name, ...command } = substitute(step.inbound ?? step.command, saved);
  const path = account(name);
  if ("inbound" in step) await control("POST", `${path}/inbound`, command);
  else if (command.approve) await control("POST", `${path}/messages/${command.approve}/approve`);
  else if (command.cancel) await control("POST", `${path}/messages/${command.cancel}/cancel`);
  else if (command.settings) await control("PATCH", path, command.settings);
  else if (command.fault) await control("POST", `${path}/faults`, command.fault);
  else {
    const { sendID, ...status } = command.status;
    await control("POST", `${path}/messages/${sendID}/status`, status);
  }
}

const FORBIDDEN_HEADERS = ["content-length", "host", "connection", "transfer-encoding", "expect"];

/** The reason why fetch does not support a case, or null. */
function unsupported(testCase) {
  for (const { request } of testCase.steps.filter((step) => step.request)) {
    if (request.raw !== undefined && request.method === "GET") return "fetch cannot send a body with GET";
    if (["CONNECT", "TRACE", "TRACK"].includes(request.method)) return "fetch does not have the method";
    const names = Object.keys(request.headers ?? {}).map((name) => name.toLowerCase());
    if (names.some((name) => FORBIDDEN_HEADERS.includes(name))) return "fetch sets a header itself";
  }
  return null;
}

/** Runs a case with one variant. Throws an Error at the first unexpected reply. */
async function run(testCase, variant) {
  const keys = {};
  const saved = {};
  try {
    for (const [name, settings] of Object.entries(testCase.accounts)) {
      keys[name] = (await control("POST", "/accounts", { clock: "frozen", ...settings })).key;
    }
    for (const step of testCase.steps) {
      await (step.request ? exchange(step, variant, keys, saved) : carryOut(step, keys, saved));
    }
  } finally {
    for (const key of Object.values(keys)) await control("DELETE", `/accounts/${encodeURIComponent(key)}`);
  }
}

const count = { passed: 0, failed: 0 };
for (const file of readdirSync(folder).sort()) {
  for (const testCase of JSON.parse(readFileSync(join(folder, file), "utf-8")).cases) {
    const reason = unsupported(testCase);
    if (reason) {
      console.log(`unsupported ${testCase.id}: ${reason}`);
      continue;
    }
    const allowed = testCase.steps.filter((step) => step.request).flatMap((step) => variants(step.request)).map(String);
    const used = VARIANTS.filter((variant) => allowed.includes(String(variant)));
    for (const variant of used.length ? used : [["POST", "form"]]) {
      try {
        await run(testCase, variant);
        count.passed += 1;
      } catch (error) {
        count.failed += 1;
        console.log(`FAILED ${testCase.id} (${variant.join(" ")}): ${error.message}`);
      }
    }
  }
}
console.log(`${count.passed} passed, ${count.failed} failed`);
process.exitCode = count.failed ? 1 : 0;
