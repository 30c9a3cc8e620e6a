// Faults that are set with one click.

import { OPERATOR_ERROR, SEND_ACTIONS, UNDELIVERED_OUTCOME } from "./protocol.js";

/** A preset adds fault rules or changes settings. */
export const PRESETS = [
  { name: "Operator error for the next 3 sends", faults: [{ when: { action: "send" }, times: 3, then: { result: OPERATOR_ERROR } }] },
  { name: "No credit", settings: { credit: 0 } },
  { name: "Web service disabled", settings: { webservice_enabled: false } },
  { name: "Replies delayed by 5 s", faults: [{ times: 0, then: { delaySeconds: 5 } }] },
  { name: "Connection lost after acceptance", faults: SEND_ACTIONS.map((action) => ({ when: { action }, then: { disconnect: "after" } })) },
  { name: "One 502 from a proxy", faults: [{ then: { http: 502 } }] },
  { name: "Messages not delivered", faults: [{ times: 0, then: { outcome: UNDELIVERED_OUTCOME } }] },
];
