// The data of the selected account. The event stream keeps it up to date.

import { call, ignoreApiError } from "./api.js";
import { isBefore, statusPair } from "./format.js";
import { HANDED_OVER, REFUNDED } from "./protocol.js";

const MESSAGES_MAX = 20000;
const REQUESTS_MAX = 10000;
const READ_DELAY_MS = 100;

/**
 * Dispatches an event for each topic that has changed: messages, inbound, journal, wrongKeys, account, faults, clock
 * and keys. `newMessage` is dispatched with the message when one is accepted.
 */
export class Store extends EventTarget {
  constructor() {
    super();
    this.keys = []; // of all accounts
    this.connected = false;
    this.timers = {}; // topic → timer of the next read
    this.loadCount = 0; // the data of an earlier load is dropped
    this.readCount = 0;
    this.latestReads = {}; // topic → number of the latest read whose reply was kept
    this.clear();
  }

  /** Forget the selected account. */
  clear() {
    this.loadCount += 1;
    this.key = null;
    this.account = null;
    this.messages = []; // oldest first
    this.messagesById = new Map();
    this.inbound = []; // oldest first
    this.journal = []; // oldest first
    this.wrongKeys = []; // journal entries of requests with a wrong key, oldest first
    this.faults = [];
    this.clock = null;
    this.loading = false;
    this.loaded = null; // the promise of the latest load
    this.queuedEvents = []; // received during a load
    this.viewState = { messages: {}, journal: {}, wrongKeys: {} }; // filter and scroll position of each list
  }

  /** The path of the account in the control plane. */
  get path() {
    return `/accounts/${encodeURIComponent(this.key)}`;
  }

  notify(...topics) {
    for (const topic of topics) this.dispatchEvent(new Event(topic));
  }

  /** Read a document and pass it to `keep`. A reply is dropped if that to a later read of the topic came first. */
  async readLatest(topic, path, keep) {
    const number = (this.readCount += 1);
    const document = await call("GET", path);
    if (number < (this.latestReads[topic] ?? 0)) return;
    this.latestReads[topic] = number;
    keep(document);
    this.notify(topic);
  }

  loadKeys() {
    return this.readLatest("keys", "/accounts", ({ accounts }) => { this.keys = accounts.map((account) => account.key); });
  }

  /** Load the data of an account. If a later load starts meanwhile, the promise resolves when that has finished. */
  load(key) {
    if (key !== this.key) this.clear();
    this.key = key;
    this.loaded = this.loadAll();
    return this.loaded;
  }

  /** Events that arrive during the load are queued and handled afterwards. */
  async loadAll() {
    const load = (this.loadCount += 1);
    const read = (this.readCount += 1);
    this.loading = true;
    const path = this.path;
    try {
      const [account, messages, inbound, journal, wrongKeys, faults] = await Promise.all([
        call("GET", path),
        call("GET", `${path}/messages?limit=${MESSAGES_MAX}`),
        call("GET", `${path}/inbound`),
        call("GET", `${path}/journal?limit=${REQUESTS_MAX}`),
        call("GET", `/journal?limit=${REQUESTS_MAX}`),
        call("GET", `${path}/faults`),
        this.readClock(),
      ]);
      if (load !== this.loadCount) return this.loaded;
      if (read > (this.latestReads.account ?? 0)) this.account = account;
      if (read > (this.latestReads.faults ?? 0)) this.faults = faults.faults;
      this.messages = messages.messages;
      this.messagesById = new Map(this.messages.map((message) => [message.sendID, message]));
      this.inbound = inbound.inbound;
      this.journal = journal.entries;
      this.wrongKeys = wrongKeys.entries;
    } finally {
      if (load === this.loadCount) this.loading = false;
    }
    for (const [name, data] of this.queuedEvents.splice(0)) this.handleEvent(name, data);
    this.notify("messages", "inbound", "journal", "wrongKeys", "account", "faults", "clock");
    return undefined;
  }

  /** Read a document of the account again. The reply is dropped if another load starts meanwhile. */
  async read(subpath, keep, topic) {
    if (this.key === null) return;
    const { loadCount } = this;
    await this.readLatest(topic, this.path + subpath, (document) => { if (loadCount === this.loadCount) keep(document); });
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

  /** Read a message that is older than the loaded ones. */
  readMessage(sendID) {
    return this.read(`/messages/${sendID}`, (message) => { this.messagesById.set(sendID, message); }, "messages");
  }

  /** Whether the server may have messages that were not loaded. */
  get mayHaveOlderMessages() {
    return this.messages.length >= MESSAGES_MAX;
  }

  /** The current time of the account as ISO 8601. Between two reads the page advances a running clock by itself. */
  now() {
    if (!this.clock) return "";
    if (this.clock.frozen) return this.clock.now;
    const elapsedMs = (performance.now() - this.clock.readAt) * this.clock.speed;
    return new Date(Date.parse(this.clock.now) + elapsedMs).toISOString().replace(/\.\d+Z$/, "Z");
  }

  /** Handle an event of the stream. */
  handleEvent(name, data) {
    if (name === "reset") {
      this.handleReset(data.account);
    } else if (this.loading) {
      this.queuedEvents.push([name, data]);
    } else if (data.account === null) {
      if (name === "request") this.append(this.wrongKeys, data, "wrongKeys");
    } else if (data.account === this.key) {
      this.handleAccountEvent(name, data);
    } else if (!this.keys.includes(data.account)) {
      this.scheduleRead("keys", () => this.loadKeys());
    }
  }

  /** Handle an event of the selected account. */
  handleAccountEvent(name, data) {
    if (name === "accepted") this.addMessage(data);
    else if (name === "status") this.updateStatus(data);
    else if (name === "inbound") this.append(this.inbound, data, "inbound");
    else if (name === "request") {
      this.append(this.journal, data, "journal");
      if (data.fault) this.scheduleRead("faults", () => this.readFaults());
    }
    // The stream has no events of the clock, so read it whenever anything happens in the account.
    this.scheduleRead("clock", () => this.readClock());
  }

  append(list, item, topic) {
    const last = list.at(-1);
    if (last && item.id <= last.id) return; // already part of the load
    list.push(item);
    if (list.length > 2 * REQUESTS_MAX) list.splice(0, REQUESTS_MAX);
    this.notify(topic);
  }

  addMessage(message) {
    if (this.messagesById.has(message.sendID)) return;
    this.messages.push(message);
    this.messagesById.set(message.sendID, message);
    if (this.messages.length > 2 * MESSAGES_MAX) {
      for (const removed of this.messages.splice(0, MESSAGES_MAX)) this.messagesById.delete(removed.sendID);
    }
    this.dispatchEvent(new CustomEvent("newMessage", { detail: message }));
    this.notify("messages");
    this.scheduleRead("account", () => this.readAccount());
  }

  /** Apply a status event to a receiver. */
  updateStatus({ sendID, number, at, processingStatus, sendStatus }) {
    const message = this.messagesById.get(sendID);
    const receiver = message?.receivers.find((one) => one.number === number);
    if (!receiver) return;
    const last = receiver.history.at(-1);
    const isKnown = receiver.history.some((step) =>
      step.at === at && step.processingStatus === processingStatus && step.sendStatus === sendStatus);
    if (isKnown || isBefore(at, last.at)) return;
    receiver.history.push({ at, processingStatus, sendStatus });
    Object.assign(receiver, { processingStatus, sendStatus });
    message.version = (message.version ?? 0) + 1;
    const pair = statusPair(receiver);
    if (pair === HANDED_OVER) receiver.attempts += 1;
    if (REFUNDED.includes(pair)) {
      receiver.refunded = true;
      this.scheduleRead("account", () => this.readAccount());
    }
    this.notify("messages");
  }

  /** Store the message in the reply to a command, unless events have already brought a later state of it. */
  updateMessage(message) {
    const known = this.messagesById.get(message.sendID);
    const isOutdated = known?.receivers.some(({ history }, index) => history.length > message.receivers[index].history.length);
    if (known && !isOutdated) Object.assign(known, message, { version: (known.version ?? 0) + 1 });
    this.notify("messages");
    this.scheduleRead("account", () => this.readAccount());
  }

  /** Read a topic after a short delay, so that many events cause one read. */
  scheduleRead(topic, read) {
    this.timers[topic] ??= setTimeout(() => {
      delete this.timers[topic];
      read().catch(ignoreApiError);
    }, READ_DELAY_MS);
  }

  /** Load the data again after a reset or removal of this account, or of all accounts (null). */
  async handleReset(key) {
    if (key !== null && key !== this.key) {
      this.scheduleRead("keys", () => this.loadKeys());
      return;
    }
    this.queuedEvents = [];
    try {
      await this.loadKeys();
      if (this.keys.includes(this.key)) await this.load(this.key);
    } catch (error) {
      ignoreApiError(error);
    }
  }
}
