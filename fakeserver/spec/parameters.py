"""The parameters that each action reads (W11: every other one is ignored, and listed as unread).

The one-time-code action's own names are settings; here they stand under their default names.
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
