// The cases in another language, as contracts/README.md describes it: `node runner.mjs BASE_URL FOLDER`.
// Prints what failed and what it cannot express; exits with 1 when something failed.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const [base, folder] = process.argv.slice(2);
const PATH = "/webservice/server";
const WAYS = [["GET", ""], ["POST", "form"], ["POST", "multipart"], ["POST", "json"]];

async function control(method, path, body) {
  const reply = await fetch(`${base}/_fake${path}`, { method, body: body && JSON.stringify(body) });
  if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${await reply.text()}`);
  return reply.status === 204 ? null : reply.json();
}

/** Every text in `value` with what was saved in the places of `${name}`. */
function filled(value, saved) {
  if (typeof value === "string") return value.replace(/\$\{([A-Za-z][A-Za-z0-9]*)\}/g, (_, name) => saved[name]);
  if (Array.isArray(value)) return value.map((item) => filled(item, saved));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [filled(name, saved), filled(item, saved)]));
}

function same(expected, found) {
  if (expected !== null && typeof expected === "object") {
    if ("$matches" in expected) return ["string", "number"].includes(typeof found) && new RegExp(expected.$matches, "u").test(found);
    if (found === null || typeof found !== "object" || Array.isArray(expected) !== Array.isArray(found)) return false;
    const names = Object.keys(expected);
    return names.length === Object.keys(found).length && names.every((name) => name in found && same(expected[name], found[name]));
  }
  return expected === found;
}

function flat(params) {
  return Object.entries(params).flatMap(([name, value]) => (value !== null && typeof value === "object"
    ? Object.entries(value).map(([inner, item]) => [`${name}[${inner}]`, String(item)])
    : [[name, String(value)]]));
}

function bodyOf(raw) {
  if (typeof raw === "string") return Buffer.from(raw);
  return raw.base64 === undefined ? Buffer.from(raw.repeat.repeat(raw.times)) : Buffer.from(raw.base64, "base64");
}

function ways(request) {
  if (request.raw !== undefined) return [[request.method, ""]];
  const fitting = WAYS.filter(([method, encoding]) =>
    (request.method ?? method) === method && (request.encoding ?? encoding) === encoding);
  return fitting.length ? fitting : [[request.method, "form"]];
}

function encoded(params, encoding) {
  if (encoding === "json") return [JSON.stringify(params), "application/json"];
  if (encoding === "form") return [new URLSearchParams(flat(params)).toString(), "application/x-www-form-urlencoded"];
  const form = new FormData();
  for (const [name, value] of flat(params)) form.append(name, value);
  return [form, null]; // fetch names the boundary
}

async function ask(request, [method, encoding], keys) {
  const key = "key" in request ? request.key : keys[request.account ?? Object.keys(keys)[0]];
  const headers = new Headers();
  let target = PATH;
  let body;
  if (method === "GET") {
    const query = new URLSearchParams([...(key === null ? [] : [["key", key]]), ...flat(request.params ?? {})]);
    target += `?${query}`;
  } else {
    if (key !== null) headers.set("Authorization", key);
    if (request.raw !== undefined) body = bodyOf(request.raw);
    else if (request.params) {
      const [content, type] = encoded(request.params, encoding);
      body = content;
      if (type) headers.set("Content-Type", type);
    }
  }
  for (const [name, value] of Object.entries(request.headers ?? {})) headers.set(name, value);
  return fetch(base + (request.path ?? target), { method, headers, body });
}

async function exchange(step, way, keys, saved) {
  const request = filled(step.request, saved);
  const possible = ways(request);
  const fitting = possible.find(([method, encoding]) => method === way[0] && encoding === way[1]) ?? possible[0];
  const reply = await ask(request, fitting, keys);
  const text = await reply.text();
  const expected = filled(step.expect, saved);
  if (reply.status !== (expected.http ?? 200)) throw new Error(`HTTP ${reply.status}`);
  if ("text" in expected && text !== expected.text) throw new Error(`the text ${text}`);
  if ("reply" in expected && !same(expected.reply, JSON.parse(text))) throw new Error(text);
  for (const [name, pointer] of Object.entries(step.save ?? {})) {
    saved[name] = pointer.split("/").slice(1).reduce((value, part) => value[part], JSON.parse(text));
  }
}

async function happen(step, keys, saved) {
  const of = (name) => `/accounts/${encodeURIComponent(keys[name ?? Object.keys(keys)[0]])}`;
  if ("advance" in step) {
    for (const name of Object.keys(keys)) await control("POST", `${of(name)}/clock`, { advance: step.advance });
    return;
  }
  const { account, ...told } = filled(step.inbound ?? step.command, saved);
  if ("inbound" in step) await control("POST", `${of(account)}/inbound`, told);
  else if (told.approve) await control("POST", `${of(account)}/messages/${told.approve}/approve`);
  else if (told.cancel) await control("POST", `${of(account)}/messages/${told.cancel}/cancel`);
  else if (told.settings) await control("PATCH", of(account), told.settings);
  else if (told.fault) await control("POST", `${of(account)}/faults`, told.fault);
  else {
    const { sendID, ...status } = told.status;
    await control("POST", `${of(account)}/messages/${sendID}/status`, status);
  }
}

/** Why this runner cannot tell a case; null when it can. */
function inexpressible(each) {
  const requests = each.steps.filter((step) => step.request).map((step) => step.request);
  if (requests.some((one) => one.raw !== undefined && one.method === "GET")) return "fetch sends no body with a GET";
  const forbidden = ["content-length", "host", "connection", "transfer-encoding", "expect"];
  if (requests.some((one) => Object.keys(one.headers ?? {}).some((name) => forbidden.includes(name.toLowerCase())))) return "fetch writes that header itself";
  if (requests.some((one) => ["CONNECT", "TRACE", "TRACK"].includes(one.method))) return "fetch has no such method";
  return null;
}

const told = { run: 0, failed: 0 };
for (const file of readdirSync(folder).sort()) {
  for (const each of JSON.parse(readFileSync(join(folder, file), "utf-8")).cases) {
    const reason = inexpressible(each);
    if (reason) {
      console.log(`cannot express ${each.id}: ${reason}`);
      continue;
    }
    const wanted = WAYS.filter((way) => each.steps.some((step) => step.request && ways(step.request).some((one) => String(one) === String(way))));
    for (const way of wanted.length ? wanted : [["POST", "form"]]) {
      const keys = {};
      const saved = {};
      try {
        for (const [name, settings] of Object.entries(each.accounts)) {
          keys[name] = (await control("POST", "/accounts", { clock: "frozen", ...settings })).key;
        }
        for (const step of each.steps) await (step.request ? exchange(step, way, keys, saved) : happen(step, keys, saved));
        told.run += 1;
      } catch (error) {
        told.failed += 1;
        console.log(`FAILED ${each.id} (${way.join(" ")}): ${error.message}`);
      }
      for (const key of Object.values(keys)) await control("DELETE", `/accounts/${encodeURIComponent(key)}`);
    }
  }
}
console.log(`${told.run} told, ${told.failed} failed`);
process.exitCode = told.failed ? 1 : 0;
