"""A job that records whether notices were delivered."""

from collections.abc import Iterable

from .gateway import Gateway, Refused
from .notices import Delivery, Notice

NO_SUCH_SEND = -6

# Pairs (processingStatus, sendStatus). With any other pair the message is still on its way.
FINAL = {
    (2, 3): Delivery.DELIVERED,
    (2, 4): Delivery.UNDELIVERED,
    (2, 5): Delivery.BLACKLISTED,
    (2, 6): Delivery.EXPIRED,
    (2, 7): Delivery.REJECTED,
    (4, 2): Delivery.REFUNDED,
    (5, -2): Delivery.CANCELLED,
}


def record_deliveries(gateway: Gateway, notices: Iterable[Notice]) -> None:
    """Update the notices that are still waiting. An error of the gateway ends the run; the next one
    continues.
    """
    for notice in notices:
        if notice.delivery is Delivery.WAITING:
            notice.delivery = _delivery(gateway, notice)


def _delivery(gateway: Gateway, notice: Notice) -> Delivery:
    try:
        status = gateway.delivery_status(notice.send_id)
    except Refused as refused:
        if refused.code == NO_SUCH_SEND:
            return Delivery.UNKNOWN
        raise
    return Delivery.ARCHIVED if status is None else FINAL.get(status, Delivery.WAITING)
