// What the page knows about the protocol. Each constant is written as JSON, so that tests/web/test_page_protocol.py
// can compare it with the data of the server.

/** The label of each pair of processing status and send status. */
export const STATUS_LABELS = {
  "3,-1": "scheduled", "0,-1": "awaiting", "1,-1": "queued", "2,-1": "handed over", "2,0": "at the telecom",
  "2,1": "reached", "2,2": "unreached", "2,3": "delivered", "2,4": "undelivered", "2,5": "blacklisted",
  "2,6": "expired", "2,7": "rejected", "4,2": "returned", "5,-2": "cancelled"
};

/** The pair of a message that has arrived. */
export const DELIVERED = "2,3";

/** The final pairs of a message that has not arrived, and the pair of a failed attempt. */
export const FAILED = ["2,2", "2,4", "2,5", "2,6", "2,7", "4,2", "5,-2"];

/** The pair that begins an attempt. */
export const HANDED_OVER = "2,-1";

/** The pairs whose cost is refunded. */
export const REFUNDED = ["4,2", "5,-2"];

/** What the buttons Deliver and Fail set. */
export const DELIVER_STATUS = { "processingStatus": 2, "sendStatus": 3 };
export const FAIL_STATUS = { "processingStatus": 2, "sendStatus": 4 };

/** The actions that send messages. */
export const SEND_ACTIONS = ["send", "sendServices", "sendOTP"];

/** The result codes of success, and of receivedMessages without a message. Every other code is an error. */
export const SUCCESS = "1";
export const NO_MESSAGES = "401";

/** The result code of `send` for an error at the operator. */
export const OPERATOR_ERROR = "112";

/** The result codes that a request gets while a setting is off. */
export const SWITCH_CODES = {
  "webservice_enabled": [-2], "identity_verified": [-3], "sending_verified": [114], "billing_ok": [108, 607]
};

/** The outcome of a fault rule that leaves messages undelivered. */
export const UNDELIVERED_OUTCOME = "undelivered";

/** Reserved receivers: a message to the first is never delivered, one to the second costs more than the credit. */
export const NEVER_DELIVERED = "9120000004";
export const NOT_ENOUGH_CREDIT = "9120000109";
