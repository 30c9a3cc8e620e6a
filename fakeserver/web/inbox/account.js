// The account: credit, clock, the switches of the gate, what shall go wrong.

import { call, deed } from "./api.js";
import { field, fill, h } from "./dom.js";
import { fullTime, plural, rials } from "./words.js";

const GATE = {
  webservice_enabled: "Web service switched on (else −2)",
  identity_verified: "Identity verified (else −3)",
  sending_verified: "Verified for sending (else 114)",
  billing_ok: "Billing in order (else 108, 607)",
};

const OUTAGE = { when: { action: "send" }, times: 3, then: { result: "112" } };
// A preset makes faults, or changes settings; what it does is told by the list of faults, or by the settings.
const PRESETS = [
  { name: "Operator down for the next 3 sends", faults: [OUTAGE] },
  { name: "Credit used up", settings: { credit: 0 } },
  { name: "Key disabled", settings: { webservice_enabled: false } },
  { name: "Replies 5 s late", faults: [{ times: 0, then: { delay: 5 } }] },
  { name: "Connection lost after acceptance", faults: ["send", "sendServices", "sendOTP"].map((action) => ({ when: { action }, then: { disconnect: "after" } })) },
  { name: "A proxy answers 502, once", faults: [{ then: { http: 502 } }] },
  { name: "Next messages are not delivered", faults: [{ times: 0, then: { outcome: "undelivered" } }] },
];

export function accountView(store) {
  const credit = h("section", { class: "card" });
  const clock = h("section", { class: "card" });
  const gate = h("section", { class: "card" });
  const faults = h("section", { class: "card wide" });
  const time = h("output", { class: "time", "aria-live": "off" });

  const patch = async (settings) => {
    store.account = await call("PATCH", store.path, settings);
    store.changed("account");
  };
  const setClock = async (command) => {
    await call("POST", `${store.path}/clock`, command);
    await store.readClock();
  };

  function showAccount() {
    if (!store.account) return;
    const amount = h("input", { type: "number", min: 0, step: 1, value: store.account.credit });
    if (!credit.contains(document.activeElement)) {
      fill(credit, h("h2", {}, "Credit"), h("p", { class: "big" }, rials(store.account.credit)),
        field("Set it to, in rials", amount), deed("Set", () => patch({ credit: Number(amount.value) })));
    }
    const focused = document.activeElement?.dataset?.member;
    fill(gate, h("h2", {}, "The gate"), Object.entries(GATE).map(([member, label]) => h("label", { class: "switch" },
      h("input", { type: "checkbox", "data-member": member, checked: store.account[member],
        onchange: (event) => patch({ [member]: event.target.checked }) }), " ", label)),
      h("label", { class: "switch" }, h("input", { type: "checkbox", "data-member": "monitoring", checked: store.account.monitoring === "manual",
        onchange: (event) => patch({ monitoring: event.target.checked ? "manual" : "automatic" }) }),
        " Messages wait for approval (monitoring by hand)"));
    if (focused) gate.querySelector(`[data-member="${focused}"]`)?.focus();
  }

  function showClock() {
    if (!store.clock) return;
    const { frozen, speed } = store.clock;
    const focused = document.activeElement?.dataset?.clock;
    fill(clock, h("h2", {}, "Clock"), h("p", { class: "big" }, time),
      h("p", {}, frozen ? "It stands still." : `It runs${speed === 1 ? "" : ` ${speed} times as fast as yours`}.`),
      h("div", { class: "deeds", role: "group", "aria-label": "Move the clock" },
        deed("+ 1 minute", () => setClock({ advance: 60 }), { "data-clock": "minute" }),
        deed("+ 1 hour", () => setClock({ advance: 3600 }), { "data-clock": "hour" }),
        deed("+ 1 day", () => setClock({ advance: 86400 }), { "data-clock": "day" }),
        frozen ? deed("Let it run", () => setClock({ freeze: false }), { "data-clock": "freeze" })
          : deed("Freeze", () => setClock({ freeze: true }), { "data-clock": "freeze" })),
      field("Speed", h("select", { "data-clock": "speed", onchange: (event) => setClock({ speed: Number(event.target.value) }) },
        [...new Set([1, 10, 60, 3600, speed])].map((one) => h("option", { value: one, selected: one === speed }, `× ${one}`)))));
    if (focused) clock.querySelector(`[data-clock="${focused}"]`)?.focus();
    tick();
  }

  function showFaults() {
    fill(faults, h("h2", {}, "What shall go wrong"),
      h("div", { class: "deeds", role: "group", "aria-label": "Presets" }, PRESETS.map((preset) =>
        deed(preset.name, async () => {
          for (const fault of preset.faults ?? []) await call("POST", `${store.path}/faults`, fault);
          if (preset.settings) await patch(preset.settings);
          await store.readFaults();
        }))),
      store.faults.length ? h("ul", { class: "faults" }, store.faults.map((fault) => h("li", {},
        h("span", {}, h("strong", {}, `Fault ${fault.id}: `), told(fault)),
        deed("Remove", async () => {
          await call("DELETE", `${store.path}/faults/${fault.id}`);
          await store.readFaults();
        }, { "aria-label": `Remove fault ${fault.id}` })))) : h("p", {}, "No fault is set: everything goes its usual way."));
  }

  function tick() {
    time.textContent = fullTime(store.now());
  }

  const reset = deed("Reset the account", () => call("POST", `${store.path}/reset`), { class: "danger" });
  showAccount();
  showClock();
  showFaults();
  return {
    title: "Account",
    element: h("section", { class: "page" }, h("h1", { tabindex: "-1" }, "Account"),
      h("div", { class: "cards" }, credit, clock, gate, faults,
        h("section", { class: "card wide" }, h("h2", {}, "Start again"),
          h("p", {}, "Back to how the account was created: messages, credit, clock, faults and journal."), reset))),
    topics: { account: showAccount, clock: showClock, faults: showFaults },
    tick,
  };
}

/** A fault in words. */
function told({ when, then, after, times, fired }) {
  const which = Object.entries(when).map(([name, value]) => `${name} ${[value].flat().join(" or ")}`).join(", ") || "any request";
  const what = Object.entries(then).map(([name, value]) => `${name} ${value}`).join(", ");
  const often = times === 0 ? "until it is removed" : plural(times, "time");
  return `${which}: ${what}; ${often}${after ? `, after ${plural(after, "request")}` : ""}; fired ${plural(fired, "time")}`;
}
