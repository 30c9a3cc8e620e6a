// The account view: credit, clock, settings and fault rules. The controls are created once and only updated, so that
// they keep the focus.

import { actionButton, attempt, call, errorOutput } from "./api.js";
import { announce, field, h, setChildren, setText } from "./dom.js";
import { describeFault } from "./faults.js";
import { fullTime, rials } from "./format.js";
import { KeyedRows } from "./keyed_rows.js";
import { PRESETS } from "./presets.js";
import { SWITCH_CODES } from "./protocol.js";

const SWITCH_LABELS = {
  webservice_enabled: "Web service enabled",
  identity_verified: "Identity verified",
  sending_verified: "Sending verified",
  billing_ok: "Billing in order",
};
const SPEEDS = [1, 10, 60, 3600];

export function accountView(store) {
  const path = store.path;
  let lastPatch = Promise.resolve(); // changes are sent one after the other, in the order in which they were made
  const patch = (settings) => {
    const current = lastPatch.then(async () => {
      await call("PATCH", path, settings);
      if (path === store.path) await store.readAccount();
    });
    lastPatch = current.catch(() => {}); // the caller reports the error
    return current;
  };
  const clock = clockCard(store, path);
  const cards = [creditCard(patch), clock, settingsCard(store, patch), faultsCard(store, path, patch), resetCard(path)];
  // There is no data while another account is loaded, or while the server is down.
  const update = (some) => {
    if (store.account && store.clock && path === store.path) for (const card of some) card.update?.(store);
  };
  const updateAll = () => update(cards);
  updateAll();
  return {
    title: "Account",
    element: h("section", { class: "page" }, h("h1", { tabindex: "-1" }, "Account"),
      h("div", { class: "cards" }, cards.map((card) => card.element))),
    onChange: { account: updateAll, clock: updateAll, faults: updateAll },
    onTick: () => update([clock]),
    onShown: () => {
      // The stream has no events for changes of settings, faults and clock.
      store.scheduleRead("account", () => store.readAccount());
      store.scheduleRead("faults", () => store.readFaults());
      store.scheduleRead("clock", () => store.readClock());
    },
  };
}

function creditCard(patch) {
  const credit = h("p", { class: "value" });
  let isEdited = false; // the input is not updated while it has a change
  const amount = h("input", { type: "number", min: 0, step: 1, required: true, oninput: () => { isEdited = true; } });
  const output = errorOutput();
  const form = h("form", { onsubmit: (event) => {
    event.preventDefault();
    attempt(output, async () => {
      await patch({ credit: amount.valueAsNumber });
      isEdited = false;
    });
  } }, field("New credit in rials", amount), h("button", {}, "Set"), output);
  return {
    element: h("section", { class: "card" }, h("h2", {}, "Credit"), credit, form),
    update({ account }) {
      setText(credit, rials(account.credit));
      if (!isEdited && document.activeElement !== amount) amount.value = account.credit;
    },
  };
}

function clockCard(store, path) {
  const time = h("output", { class: "clock-time", "aria-live": "off" });
  const pace = h("p", {});
  const output = errorOutput();
  const send = async (command) => {
    await call("POST", `${path}/clock`, command);
    if (path === store.path) await store.readClock();
  };
  const freeze = actionButton("Freeze", () => send({ freeze: !store.clock?.frozen }));
  const speed = h("select", { onchange: () => attempt(output, () => send({ speed: Number(speed.value) })) });
  return {
    element: h("section", { class: "card" }, h("h2", {}, "Clock"), h("p", { class: "value" }, time), pace,
      h("div", { class: "actions", role: "group", "aria-label": "Move the clock" },
        actionButton("+ 1 minute", () => send({ advance: 60 })), actionButton("+ 1 hour", () => send({ advance: 3600 })),
        actionButton("+ 1 day", () => send({ advance: 86400 })), freeze),
      field("Speed", speed), output),
    update({ clock }) {
      setText(time, fullTime(store.now()));
      setText(pace, clock.frozen ? "Frozen" : clock.speed === 1 ? "Running" : `Running at ${clock.speed} times real speed`);
      setText(freeze.querySelector("button"), clock.frozen ? "Resume" : "Freeze");
      const speeds = [...new Set([...SPEEDS, clock.speed])].sort((one, other) => one - other);
      if ([...speed.options].map((option) => option.value).join() !== speeds.join()) {
        setChildren(speed, speeds.map((value) => h("option", { value }, `× ${value}`)));
      }
      if (document.activeElement !== speed) speed.value = clock.speed;
    },
  };
}

function settingsCard(store, patch) {
  const output = errorOutput();
  const switches = []; // { box, isOn, pending }
  const update = ({ account }) => {
    // A switch keeps its new state until the server has answered.
    for (const { box, isOn, pending } of switches) if (!pending) box.checked = isOn(account);
  };
  const addSwitch = (label, isOn, toSettings) => {
    const box = h("input", { type: "checkbox", onchange: async () => {
      entry.pending += 1;
      await attempt(output, () => patch(toSettings(box.checked)));
      entry.pending -= 1;
      update(store); // restores the state if the change was refused
    } });
    const entry = { box, isOn, pending: 0 };
    switches.push(entry);
    return h("label", { class: "switch" }, box, " ", label);
  };
  return {
    element: h("section", { class: "card" }, h("h2", {}, "Settings"),
      Object.entries(SWITCH_LABELS).map(([member, label]) => {
        const codes = SWITCH_CODES[member].join(" or ").replaceAll("-", "−");
        return addSwitch(`${label} (off: result ${codes})`, (account) => account[member], (checked) => ({ [member]: checked }));
      }),
      addSwitch("Manual monitoring (messages wait for approval)", (account) => account.monitoring === "manual",
        (checked) => ({ monitoring: checked ? "manual" : "automatic" })), output),
    update,
  };
}

function faultsCard(store, path, patch) {
  const list = h("ul", { class: "faults", "aria-label": "Fault rules" });
  const none = h("p", {}, "No fault rules");
  const read = async () => { if (path === store.path) await store.readFaults(); };
  const presets = PRESETS.map((preset) => actionButton(preset.name, async () => {
    for (const fault of preset.faults ?? []) await call("POST", `${path}/faults`, fault);
    if (preset.settings) await patch(preset.settings);
    await read();
    announce(`Set: ${preset.name}`);
  }));
  const heading = h("h2", { tabindex: "-1" }, "Faults");
  const rows = new KeyedRows({
    id: (fault) => fault.id,
    source: () => null,
    version: describeFault,
    render: (fault) => [
      h("span", {}, h("strong", {}, `Fault ${fault.id}: `), describeFault(fault)),
      actionButton("Remove", async () => {
        await call("DELETE", `${path}/faults/${fault.id}`);
        heading.focus(); // the focused button is about to be removed
        await read();
      }, { "aria-label": `Remove fault ${fault.id}` }),
    ],
  });
  return {
    element: h("section", { class: "card wide" }, heading,
      h("div", { class: "actions", role: "group", "aria-label": "Presets" }, presets), list, none),
    update({ faults }) {
      rows.show(list, faults);
      list.hidden = faults.length === 0;
      none.hidden = faults.length > 0;
    },
  };
}

function resetCard(path) {
  const reset = actionButton("Reset account", async () => {
    await call("POST", `${path}/reset`);
    announce("Account reset");
  }, { class: "danger" });
  return {
    element: h("section", { class: "card wide" }, h("h2", {}, "Reset"),
      h("p", {}, "Resets messages, credit, clock, faults and journal to the state at the creation of the account."), reset),
  };
}
