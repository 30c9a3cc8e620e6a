// The account: credit, clock, the switches of the gate, what shall go wrong. The controls are made once, and show
// what is so; nothing that has the focus is replaced.

import { attempt, call, deed, refusal } from "./api.js";
import { field, fill, h, say, tell } from "./dom.js";
import { PRESETS, told } from "./presets.js";
import { Rows } from "./rows.js";
import { fullTime, rials } from "./words.js";

const GATE = {
  webservice_enabled: "Web service switched on (else −2)",
  identity_verified: "Identity verified (else −3)",
  sending_verified: "Verified for sending (else 114)",
  billing_ok: "Billing in order (else 108, 607)",
};
const SPEEDS = [1, 10, 60, 3600];

export function accountView(store) {
  const path = store.path;
  let last = Promise.resolve(); // one change after the other, in the order in which they were asked for
  const patch = (settings) => {
    const mine = last.then(async () => {
      await call("PATCH", path, settings);
      if (path === store.path) await store.readAccount();
    });
    last = mine.catch(() => {}); // whoever has asked is told
    return mine;
  };
  const clock = clockCard(store, path);
  const parts = [creditCard(patch), clock, gateCard(store, patch), faultsCard(store, path, patch), startAgain(path)];
  // Between two accounts, and while the server is away, there may be nothing to show.
  const show = (some) => {
    if (store.account && store.clock && path === store.path) for (const part of some) part.show?.(store);
  };
  const showAll = () => show(parts);
  showAll();
  return {
    title: "Account",
    element: h("section", { class: "page" }, h("h1", { tabindex: "-1" }, "Account"),
      h("div", { class: "cards" }, parts.map((part) => part.element))),
    topics: { account: showAll, clock: showAll, faults: showAll },
    tick: () => show([clock]),
    shown: () => {
      // Not every change is an event of the stream.
      store.soon("account", () => store.readAccount());
      store.soon("faults", () => store.readFaults());
      store.soon("clock", () => store.readClock());
    },
  };
}

function creditCard(patch) {
  const credit = h("p", { class: "big" });
  let edited = false; // then it is left alone
  const amount = h("input", { type: "number", min: 0, step: 1, required: true, oninput: () => { edited = true; } });
  const told = refusal();
  const form = h("form", { onsubmit: (event) => {
    event.preventDefault();
    attempt(told, async () => {
      await patch({ credit: amount.valueAsNumber });
      edited = false;
    });
  } }, field("Set it to, in rials", amount), h("button", {}, "Set"), told);
  return {
    element: h("section", { class: "card" }, h("h2", {}, "Credit"), credit, form),
    show({ account }) {
      tell(credit, rials(account.credit));
      if (!edited && document.activeElement !== amount) amount.value = account.credit;
    },
  };
}

function clockCard(store, path) {
  const time = h("output", { class: "time", "aria-live": "off" });
  const pace = h("p", {});
  const told = refusal();
  const set = async (command) => {
    await call("POST", `${path}/clock`, command);
    if (path === store.path) await store.readClock();
  };
  const freeze = deed("Freeze", () => set({ freeze: !store.clock?.frozen }));
  const speed = h("select", { onchange: () => attempt(told, () => set({ speed: Number(speed.value) })) });
  return {
    element: h("section", { class: "card" }, h("h2", {}, "Clock"), h("p", { class: "big" }, time), pace,
      h("div", { class: "deeds", role: "group", "aria-label": "Move the clock" },
        deed("+ 1 minute", () => set({ advance: 60 })), deed("+ 1 hour", () => set({ advance: 3600 })),
        deed("+ 1 day", () => set({ advance: 86400 })), freeze),
      field("Speed", speed), told),
    show({ clock }) {
      tell(time, fullTime(store.now()));
      tell(pace, clock.frozen ? "It stands still." : `It runs${clock.speed === 1 ? "" : ` ${clock.speed} times as fast as yours`}.`);
      tell(freeze.querySelector("button"), clock.frozen ? "Let it run" : "Freeze");
      const speeds = [...new Set([...SPEEDS, clock.speed])].sort((one, other) => one - other);
      if ([...speed.options].map((option) => option.value).join() !== speeds.join()) {
        fill(speed, speeds.map((one) => h("option", { value: one }, `× ${one}`)));
      }
      if (document.activeElement !== speed) speed.value = clock.speed;
    },
  };
}

function gateCard(store, patch) {
  const told = refusal();
  const switches = []; // each: { box, read, asked }
  const show = ({ account }) => {
    // What was just asked for is not known yet, and is not taken back meanwhile.
    for (const { box, read, asked } of switches) if (!asked) box.checked = read(account);
  };
  const line = (label, read, write) => {
    const box = h("input", { type: "checkbox", onchange: async () => {
      one.asked += 1;
      await attempt(told, () => patch(write(box.checked)));
      one.asked -= 1;
      show(store); // as it was, when that was refused
    } });
    const one = { box, read, asked: 0 };
    switches.push(one);
    return h("label", { class: "switch" }, box, " ", label);
  };
  return {
    element: h("section", { class: "card" }, h("h2", {}, "The gate"),
      Object.entries(GATE).map(([member, label]) =>
        line(label, (account) => account[member], (checked) => ({ [member]: checked }))),
      line("Messages wait for approval (monitoring by hand)", (account) => account.monitoring === "manual",
        (checked) => ({ monitoring: checked ? "manual" : "automatic" })), told),
    show,
  };
}

function faultsCard(store, path, patch) {
  const list = h("ul", { class: "faults", "aria-label": "Faults" });
  const none = h("p", {}, "No fault is set: everything goes its usual way.");
  const read = async () => { if (path === store.path) await store.readFaults(); };
  const presets = PRESETS.map((preset) => deed(preset.name, async () => {
    for (const fault of preset.faults ?? []) await call("POST", `${path}/faults`, fault);
    if (preset.settings) await patch(preset.settings);
    await read();
    say(`Set: ${preset.name}`);
  }));
  const heading = h("h2", { tabindex: "-1" }, "What shall go wrong");
  const rows = new Rows({
    id: (fault) => fault.id,
    source: () => null,
    version: told,
    make: (fault) => [
      h("span", {}, h("strong", {}, `Fault ${fault.id}: `), told(fault)),
      deed("Remove", async () => {
        await call("DELETE", `${path}/faults/${fault.id}`);
        heading.focus(); // the button goes with the fault
        await read();
      }, { "aria-label": `Remove fault ${fault.id}` }),
    ],
  });
  return {
    element: h("section", { class: "card wide" }, heading,
      h("div", { class: "deeds", role: "group", "aria-label": "Presets" }, presets), list, none),
    show({ faults }) {
      rows.show(list, faults);
      list.hidden = faults.length === 0;
      none.hidden = faults.length > 0;
    },
  };
}

function startAgain(path) {
  const reset = deed("Reset the account", async () => {
    await call("POST", `${path}/reset`);
    say("The account is as it was created");
  }, { class: "danger" });
  return {
    element: h("section", { class: "card wide" }, h("h2", {}, "Start again"),
      h("p", {}, "Back to how the account was created: messages, credit, clock, faults and journal."), reset),
  };
}
