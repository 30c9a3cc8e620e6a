// What the page knows of the chosen account, kept up to date by the event stream.

import { call, Problem } from "./api.js";

const MESSAGES_MAX = 20000;
const REQUESTS_MAX = 10000;

// Pairs of statuses that are more than a word: one begins an attempt, two give the money back.
const HANDED_OVER = "2,-1";
const REFUNDED = ["4,2", "5,-2"];

/** Topics: messages, inbound, journal, strangers, account, faults, clock. Beside them: `arrived`, and `keys`. */
export class Store extends EventTarget {
  constructor() {
    super();
    this.keys = [];
    this.connected = false;
    this.timers = {};
    this.turn = 0; // of the loads: what an older one brings is too late
    this.forget();
  }

  forget() {
    this.turn += 1;
    this.key = null;
    this.account = null;
    this.messages = []; // oldest first
    this.byId = new Map();
    this.inbound = [];
    this.journal = []; // oldest first
    this.strangers = [];
    this.faults = [];
    this.clock = null;
    this.loading = false;
    this.waiting = []; // events that came while a load was under way
    this.looking = { messages: {}, journal: {}, strangers: {} }; // how each list was last looked at
  }

  get path() {
    return `/accounts/${encodeURIComponent(this.key)}`;
  }

  changed(...topics) {
    for (const topic of topics) this.dispatchEvent(new Event(topic));
  }

  async loadKeys() {
    this.keys = (await call("GET", "/accounts")).accounts.map((account) => account.key);
    this.dispatchEvent(new Event("keys"));
  }

  /** Everything of one account. Events that come meanwhile are looked at afterwards. */
  async load(key) {
    const turn = (this.turn += 1);
    this.key = key;
    this.loading = true;
    const path = this.path;
    try {
      const [account, messages, inbound, journal, strangers, faults] = await Promise.all([
        call("GET", path),
        call("GET", `${path}/messages?limit=${MESSAGES_MAX}`),
        call("GET", `${path}/inbound`),
        call("GET", `${path}/journal?limit=${REQUESTS_MAX}`),
        call("GET", `/journal?limit=${REQUESTS_MAX}`),
        call("GET", `${path}/faults`),
        this.readClock(),
      ]);
      if (turn !== this.turn) return;
      this.account = account;
      this.messages = messages.messages;
      this.byId = new Map(this.messages.map((message) => [message.sendID, message]));
      this.inbound = inbound.inbound;
      this.journal = journal.entries;
      this.strangers = strangers.entries;
      this.faults = faults.faults;
    } finally {
      if (turn === this.turn) this.loading = false;
    }
    for (const [name, data] of this.waiting.splice(0)) this.take(name, data);
    this.changed("messages", "inbound", "journal", "strangers", "account", "faults", "clock");
  }

  /** Read something of the account again; `keep` is called unless another was chosen meanwhile. */
  async read(below, keep, topic) {
    const { key } = this;
    if (key === null) return;
    const document = await call("GET", this.path + below);
    if (key !== this.key) return;
    keep(document);
    this.changed(topic);
  }

  readClock() {
    return this.read("/clock", (clock) => { this.clock = { ...clock, readAt: performance.now() }; }, "clock");
  }

  readAccount() {
    return this.read("", (account) => { this.account = account; }, "account");
  }

  readFaults() {
    return this.read("/faults", ({ faults }) => { this.faults = faults; }, "faults");
  }

  /** One message that is too old to have come with the others. */
  readMessage(sendID) {
    return this.read(`/messages/${sendID}`, (message) => { this.byId.set(sendID, message); }, "messages");
  }

  /** Whether there may be messages that were not loaded. */
  get knowsNotAll() {
    return this.messages.length >= MESSAGES_MAX;
  }

  /** The account's time now, ISO 8601: a running clock runs on here. */
  now() {
    if (!this.clock) return "";
    if (this.clock.frozen) return this.clock.now;
    const passed = (performance.now() - this.clock.readAt) * this.clock.speed;
    return new Date(Date.parse(this.clock.now) + passed).toISOString().replace(/\.\d+Z$/, "Z");
  }

  /** An event of the stream. */
  take(name, data) {
    if (name === "reset") {
      this.reset(data.account);
    } else if (this.loading) {
      this.waiting.push([name, data]);
    } else if (data.account === null) {
      if (name === "request") this.add(this.strangers, data, "strangers");
    } else if (data.account === this.key) {
      this.happened(name, data);
    } else if (!this.keys.includes(data.account)) {
      this.soon("keys", () => this.loadKeys());
    }
  }

  /** An event of the chosen account. */
  happened(name, data) {
    if (name === "accepted") this.accepted(data);
    else if (name === "status") this.moved(data);
    else if (name === "inbound") this.add(this.inbound, data, "inbound");
    else if (name === "request") {
      this.add(this.journal, data, "journal");
      if (data.fault) this.soon("faults", () => this.readFaults());
    }
    // The clock is the account's own affair: it is read again when something of the account has happened.
    this.soon("clock", () => this.readClock());
  }

  add(list, item, topic) {
    const last = list.at(-1);
    if (last && item.id <= last.id) return; // it came with the load already
    list.push(item);
    if (list.length > 2 * REQUESTS_MAX) list.splice(0, REQUESTS_MAX);
    this.changed(topic);
  }

  accepted(message) {
    if (this.byId.has(message.sendID)) return;
    this.messages.push(message);
    this.byId.set(message.sendID, message);
    if (this.messages.length > 2 * MESSAGES_MAX) {
      for (const old of this.messages.splice(0, MESSAGES_MAX)) this.byId.delete(old.sendID);
    }
    this.dispatchEvent(new CustomEvent("arrived", { detail: message }));
    this.changed("messages");
    this.soon("account", () => this.readAccount());
  }

  moved({ sendID, number, at, processingStatus, sendStatus }) {
    const message = this.byId.get(sendID);
    const receiver = message?.receivers.find((one) => one.number === number);
    if (!receiver) return;
    const last = receiver.history.at(-1);
    const known = receiver.history.some((step) =>
      step.at === at && step.processingStatus === processingStatus && step.sendStatus === sendStatus);
    if (known || last.at > at) return;
    receiver.history.push({ at, processingStatus, sendStatus });
    Object.assign(receiver, { processingStatus, sendStatus });
    message.version = (message.version ?? 0) + 1;
    const pair = `${processingStatus},${sendStatus}`;
    if (pair === HANDED_OVER) receiver.attempts += 1;
    if (REFUNDED.includes(pair)) {
      receiver.refunded = true;
      this.soon("account", () => this.readAccount());
    }
    this.changed("messages");
  }

  /** A message as a command has left it. */
  replace(message) {
    const known = this.byId.get(message.sendID);
    if (known) Object.assign(known, message, { version: (known.version ?? 0) + 1 });
    this.changed("messages");
    this.soon("account", () => this.readAccount());
  }

  /** Many events come at once; what they call for is read once. */
  soon(what, read) {
    this.timers[what] ??= setTimeout(() => {
      delete this.timers[what];
      read().catch(ignored);
    }, 100);
  }

  /** This account, or with null all of them, are as they were at the start; or one is gone. */
  async reset(key) {
    const mine = key === null || key === this.key;
    if (mine) this.waiting = [];
    try {
      await this.loadKeys();
      if (mine && this.keys.includes(this.key)) await this.load(this.key);
    } catch (error) {
      ignored(error);
    }
  }
}

/** The server is gone, or the account is: the event stream tells of both. */
function ignored(error) {
  if (!(error instanceof Problem)) throw error;
}
