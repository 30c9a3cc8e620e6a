"""An answer as the body of its reply (W2, W3, W4), and the bodies that faults make. Pure functions."""

from http import HTTPStatus
from json import JSONEncoder
from json.encoder import encode_basestring as _quoted

from fakeserver.actions.answer import Answer, ColumnTable, Json
from fakeserver.settings.account_settings import Settings

CONTENT_TYPE = "application/json; charset=utf-8"
_native = JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=ColumnTable.objects).encode


def body(answer: Answer, settings: Settings | None) -> bytes:
    """The reply's body, written by the account's settings, or by the defaults without an account."""
    if answer.bare:
        return str(answer.code).encode()
    reply: dict[str, Json] = {"result": answer.code, **answer.fields}
    if settings is not None:
        names = settings.reply_names
        reply = _rename(reply, "sendID", names.send_id)
        reply = _rename(reply, "credit", names.credit)
        if settings.native_scalars:
            return _native(reply).encode()
    return as_strings(reply).encode()


def as_strings(value: Json) -> str:
    """JSON in which every scalar is a string, as in the guide's sample; null stays (W3)."""
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, int):
        return f'"{str(value).lower() if isinstance(value, bool) else int(value)}"'
    if isinstance(value, dict):
        return "{" + ",".join([f"{_quoted(key)}:{as_strings(item)}" for key, item in value.items()]) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(as_strings, value)) + "]"
    return "null" if value is None else _table(value)


def _table(table: ColumnTable) -> str:
    """The same for a table, column by column, which is several times faster than object by object."""
    form = "{" + ",".join(f"{_quoted(key)}:%s" for key in table.columns) + "}"
    columns = []
    for column in table.columns.values():
        written = {value: as_strings(value) for value in set(column)}
        columns.append([written[value] for value in column])
    return "[" + ",".join([form % row for row in zip(*columns, strict=True)]) + "]"


def _rename(reply: dict[str, Json], name: str, path: tuple[str, ...]) -> dict[str, Json]:
    """Move the member `name` to the path that the account's settings give (C2)."""
    if path == (name,) or name not in reply:
        return reply
    value: Json = reply.pop(name)
    *tables, last = path
    table = reply
    for key in tables:
        inner = table.setdefault(key, {})
        table = inner if isinstance(inner, dict) else {}
    table[last] = value
    return reply


# The kinds of body that a fault rule can put in place of a reply's body, with their content types.
UNREADABLE_TYPES = {
    "truncated": CONTENT_TYPE,
    "empty": CONTENT_TYPE,
    "html": "text/html; charset=utf-8",
    "not-json": CONTENT_TYPE,
}


def unreadable(body: bytes, kind: str) -> bytes:
    """The body made unreadable, in one of the kinds of a fault's `body`."""
    if kind == "truncated":
        return body[: len(body) // 2]
    if kind == "html":
        return proxy_page(HTTPStatus.OK).encode()
    return b"" if kind == "empty" else b"result=1"


def proxy_page(status: int) -> str:
    """The page that a proxy in front of the panel would send."""
    known = status in set(HTTPStatus)
    title = f"{status} {HTTPStatus(status).phrase}" if known else str(status)
    return f"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>\n"
