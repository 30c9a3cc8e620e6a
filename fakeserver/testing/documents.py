"""Makes the values of `values.py` from documents of the control plane."""

from datetime import datetime

from fakeserver.testing.values import (
    Change,
    Contact,
    Document,
    Explanation,
    Inbound,
    JournalEntry,
    Message,
    Phonebook,
    Receiver,
    Step,
    Unread,
)


def parse_message(document: Document) -> Message:
    return Message(
        send_id=document["sendID"],
        action=document["action"],
        sender=document["from"],
        text=document["text"],
        parts=document["parts"],
        alphabet=document["alphabet"],
        cost=document["cost"],
        accepted_at=parse_time(document["acceptedAt"]),
        receivers=list(map(_parse_receiver, document["receivers"])),
        codes=list(document["codes"]),
        document=document,
    )


def _parse_receiver(document: Document) -> Receiver:
    return Receiver(
        number=document["number"],
        **_status_pair(document),
        attempts=document["attempts"],
        cost=document["cost"],
        refunded=document["refunded"],
        history=list(map(_parse_step, document["history"])),
        document=document,
    )


def _parse_step(document: Document) -> Step:
    return Step(at=parse_time(document["at"]), **_status_pair(document), document=document)


def parse_change(document: Document) -> Change:
    return Change(
        at=parse_time(document["at"]),
        send_id=document["sendID"],
        number=document["number"],
        **_status_pair(document),
        document=document,
    )


def parse_journal_entry(document: Document) -> JournalEntry:
    return JournalEntry(
        id=document["id"],
        at=parse_time(document["at"]),
        method=document["method"],
        content_type=document["contentType"],
        action=document["action"],
        params=document["params"],
        unread=list(map(_parse_unread, document["unread"])),
        http=document["http"],
        reply=document["reply"],
        rule=document["rule"],
        reason=document["reason"],
        duration_ms=document["durationMs"],
        fault=document.get("fault"),
        send_id=document.get("sendID"),
        document=document,
    )


def _parse_unread(document: Document) -> Unread:
    return Unread(name=document["name"], did_you_mean=document.get("didYouMean"), document=document)


def parse_explanation(document: Document) -> Explanation:
    return Explanation(
        reply=document["reply"],
        rule=document["rule"],
        reason=document["reason"],
        cost=document["cost"],
        parts=document["parts"],
        receivers=list(document["receivers"]),
        document=document,
    )


def parse_inbound(document: Document) -> Inbound:
    return Inbound(
        id=document["id"],
        number=document["from"],
        line=document["to"],
        text=document["text"],
        at=parse_time(document["at"]),
        document=document,
    )


def parse_phonebook(document: Document) -> Phonebook:
    contacts = [
        Contact(number=contact["number"], fields=contact["fields"], document=contact)
        for contact in document["contacts"]
    ]
    return Phonebook(id=document["id"], name=document["name"], contacts=contacts, document=document)


def parse_time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _status_pair(document: Document) -> dict[str, int]:
    return {"processing_status": document["processingStatus"], "send_status": document["sendStatus"]}
