// What the page knows of the chosen account, kept up to date by the event stream.

import { call, Problem } from "./api.js";
import { isBefore } from "./words.js";

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
    this.asked = 0; // how often something was asked for
    this.kept = {}; // topic → the question whose reply was kept last
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
    this.loaded = null; // the last load of the account, a promise
    this.waiting = []; // events that came while a load was under way
    this.looking = { messages: {}, journal: {}, strangers: {} }; // how each list was last looked at
  }

  get path() {
    return `/accounts/${encodeURIComponent(this.key)}`;
  }

  changed(...topics) {
    for (const topic of topics) this.dispatchEvent(new Event(topic));
  }

  /** Replies may overtake each other: one is kept unless that to a later question was. */
  async ask(topic, path, keep) {
    const mine = (this.asked += 1);
    const document = await call("GET", path);
    if (mine < (this.kept[topic] ?? 0)) return;
    this.kept[topic] = mine;
    keep(document);
    this.changed(topic);
  }

  loadKeys() {
    return this.ask("keys", "/accounts", ({ accounts }) => { this.keys = accounts.map((account) => account.key); });
  }

  /** Everything of one account, in the place of another's. A load that a newer one overtakes waits for that. */
  load(key) {
    if (key !== this.key) this.forget();
    this.key = key;
    this.loaded = this.loadAll();
    return this.loaded;
  }

  /** Events that come meanwhile are looked at afterwards. */
  async loadAll() {
    const turn = (this.turn += 1);
    const mine = (this.asked += 1);
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
      if (turn !== this.turn) return this.loaded;
      if (mine > (this.kept.account ?? 0)) this.account = account;
      if (mine > (this.kept.faults ?? 0)) this.faults = faults.faults;
      this.messages = messages.messages;
      this.byId = new Map(this.messages.map((message) => [message.sendID, message]));
      this.inbound = inbound.inbound;
      this.journal = journal.entries;
      this.strangers = strangers.entries;
    } finally {
      if (turn === this.turn) this.loading = false;
    }
    for (const [name, data] of this.waiting.splice(0)) this.take(name, data);
    this.changed("messages", "inbound", "journal", "strangers", "account", "faults", "clock");
    return undefined;
  }

  /** Read something of the account again; `keep` is called unless everything was loaded anew meanwhile. */
  async read(below, keep, topic) {
    if (this.key === null) return;
    const { turn } = this;
    await this.ask(topic, this.path + below, (document) => { if (turn === this.turn) keep(document); });
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
    if (known || isBefore(at, last.at)) return;
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

  /** A message as a command has left it; of one that has gone on since then, the events have told already. */
  replace(message) {
    const known = this.byId.get(message.sendID);
    const goneOn = known?.receivers.some(({ history }, place) => history.length > message.receivers[place].history.length);
    if (known && !goneOn) Object.assign(known, message, { version: (known.version ?? 0) + 1 });
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
    if (key !== null && key !== this.key) {
      this.soon("keys", () => this.loadKeys());
      return;
    }
    this.waiting = [];
    try {
      await this.loadKeys();
      if (this.keys.includes(this.key)) await this.load(this.key);
    } catch (error) {
      ignored(error);
    }
  }
}

/** The server is gone, or the account is: the event stream tells of both. */
function ignored(error) {
  if (!(error instanceof Problem)) throw error;
}
