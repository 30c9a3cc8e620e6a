"""The parameters that each action reads; every other one is ignored and listed as unread (W11).

The names of the one-time-code action and its parameters are settings; these are the defaults.
"""

PARAMETERS: dict[str, tuple[str, ...]] = {
    "send": ("from", "text", "receivers", "phoneBook", "trySend", "type"),
    "sendServices": ("from", "textCode", "textData", "receivers", "trySend", "type"),
    "sendOTP": ("appID", "code", "receivers", "type"),
    "reportSend": ("sendID",),
    "credit": (),
    "receivedMessages": (),
    "status": (),
    "newContact": ("phoneId", "cNumber", "cFields"),
}

SEND_TYPES = (1, 2, 3, 4)
TRY_SEND_MAX = 10
