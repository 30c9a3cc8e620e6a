// What the page knows of the chosen account, kept up to date by the event stream.

import { call } from "./api.js";

const MESSAGES_MAX = 20000;
const REQUESTS_MAX = 2000;

/** Topics: messages, inbound, journal, strangers, account, faults, clock, connection. */
export class Store extends EventTarget {
  constructor() {
    super();
    this.keys = [];
    this.connected = false;
    this.forget();
  }

  forget() {
    this.key = null;
    this.account = null;
    this.messages = []; // oldest first
    this.byId = new Map();
    this.inbound = [];
    this.journal = []; // oldest first
    this.strangers = [];
    this.faults = [];
    this.clock = null;
    this.waiting = []; // events that came while a load was under way
    this.loading = 0;
  }

  get path() {
    return `/accounts/${encodeURIComponent(this.key)}`;
  }

  changed(...topics) {
    for (const topic of topics) this.dispatchEvent(new Event(topic));
  }

  async loadKeys() {
    this.keys = (await call("GET", "/accounts")).accounts.map((account) => account.key);
  }

  /** Everything of one account. Events that come meanwhile are looked at afterwards. */
  async load(key) {
    const turn = (this.loading += 1);
    this.key = key;
    const path = this.path;
    const [account, messages, inbound, journal, strangers, faults] = await Promise.all([
      call("GET", path),
      call("GET", `${path}/messages?limit=${MESSAGES_MAX}`),
      call("GET", `${path}/inbound`),
      call("GET", `${path}/journal?limit=${REQUESTS_MAX}`),
      call("GET", `/journal?limit=${REQUESTS_MAX}`),
      call("GET", `${path}/faults`),
      this.readClock(),
    ]);
    if (turn !== this.loading) return;
    this.account = account;
    this.messages = messages.messages;
    this.byId = new Map(this.messages.map((message) => [message.sendID, message]));
    this.inbound = inbound.inbound;
    this.journal = journal.entries;
    this.strangers = strangers.entries;
    this.faults = faults.faults;
    this.loading = 0;
    for (const [name, data] of this.waiting.splice(0)) this.take(name, data);
    this.changed("messages", "inbound", "journal", "strangers", "account", "faults", "clock");
  }

  async readClock() {
    this.clock = { ...(await call("GET", `${this.path}/clock`)), readAt: performance.now() };
    this.changed("clock");
  }

  async readAccount() {
    this.account = await call("GET", this.path);
    this.changed("account");
  }

  async readFaults() {
    this.faults = (await call("GET", `${this.path}/faults`)).faults;
    this.changed("faults");
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
    if (this.loading) {
      this.waiting.push([name, data]);
      return;
    }
    if (name === "reset") this.reset(data.account);
    else if (data.account === null && name === "request") this.add(this.strangers, data, "strangers");
    else if (data.account !== this.key) return;
    else if (name === "accepted") this.accepted(data);
    else if (name === "status") this.moved(data);
    else if (name === "inbound") this.add(this.inbound, data, "inbound");
    else if (name === "request") {
      this.add(this.journal, data, "journal");
      if (data.fault) this.readFaults();
    }
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
    this.readAccountSoon();
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
    if (processingStatus === 4 || processingStatus === 5) {
      receiver.refunded = true;
      this.readAccountSoon();
    }
    this.changed("messages");
  }

  /** A message as a command has left it. */
  replace(message) {
    const known = this.byId.get(message.sendID);
    if (known) Object.assign(known, message, { version: (known.version ?? 0) + 1 });
    this.changed("messages");
    this.readAccountSoon();
  }

  /** Credit changes with messages; it is read once for many. */
  readAccountSoon() {
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.readAccount().catch(() => {}), 150);
  }

  async reset(key) {
    await this.loadKeys().catch(() => {});
    this.dispatchEvent(new Event("keys"));
    if ((key === null || key === this.key) && this.keys.includes(this.key)) {
      await this.load(this.key).catch(() => {});
    }
  }
}
