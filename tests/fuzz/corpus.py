"""Real requests, and their mutation into hostile ones. All chance comes from the given generator."""

import random
from typing import NamedTuple
from urllib.parse import quote_from_bytes

FORM = b"application/x-www-form-urlencoded"
JSON = b"application/json"
MULTIPART = b"multipart/form-data; boundary=XX"
LONGEST = 20_000  # bytes of a mutated request; hostile.py has longer ones


class Sample(NamedTuple):
    """A request without its HTTP. `data` is the body, or for GET the query without the key."""

    method: bytes
    content_type: bytes
    data: bytes


TEXT = "سلام، سفارش شما ارسال شد.".encode()
ESCAPED = quote_from_bytes(TEXT).encode()

FORMS = (
    b"action=send&from=30001403&text=" + ESCAPED + b"&receivers=9121234567,09121234568&trySend=2&type=1",
    b"action=send&from=auto&text=hello+world&receivers=9120000002,9120000024&phoneBook=1403",
    b"action=sendServices&from=90001403&textCode=1001&textData[0]=12345&receivers=9121234567",
    b"action=sendServices&from=auto&textCode=1002&textData[name]=a&textData[amount]=5&receivers=9121234567",
    b"action=sendServices&from=auto&textCode=1001&textData=%7B%22%7Bcode%7D%22%3A%221%22%7D&receivers=9121234567",
    b"action=sendOTP&appID=test-app&code=4711&receivers=9121234567",
    b"action=reportSend&sendID=1000000001",
    b"action=credit",
    b"action=receivedMessages",
    b"action=status",
    b"action=newContact&phoneId=1403&cNumber=9121234567&cFields[FYa12346]=1403/01/02&cFields[FMTAwMQ]=3",
    b"action=newContact&phoneId=1403&cNumber=9121234567&cFields={FMjUyMjUz:%E2%80%9Cx%E2%80%9D}",
)
OBJECTS = (
    b'{"action":"send","from":"30001403","text":"' + TEXT + b'","receivers":"9121234567","trySend":2}',
    b'{"action":"sendServices","from":"auto","textCode":1001,"textData":["1"],"receivers":"9121234567"}',
    b'{"action":"sendServices","textCode":1002,"textData":{"{name}":"a","{amount}":5.0},"receivers":"9121"}',
    b'{"action":"newContact","phoneId":1403,"cNumber":"9121234567","cFields":{"FMjUyMjUz":"x","F":[1,{}]}}',
    b'{"action":"reportSend","sendID":1000000001}',
)


def multipart(*fields: tuple[bytes, bytes], boundary: bytes = b"XX") -> bytes:
    parts = (
        b'--%b\r\nContent-Disposition: form-data; name="%b"\r\n\r\n%b\r\n' % (boundary, name, value)
        for name, value in fields
    )
    return b"".join(parts) + b"--" + boundary + b"--\r\n"


PARTS = (
    multipart((b"action", b"send"), (b"from", b"auto"), (b"text", TEXT), (b"receivers", b"9121234567")),
    multipart((b"action", b"sendServices"), (b"textCode", b"1001"), (b"textData[code]", b"1")),
    b"--XX\r\ncontent-disposition: form-data; name=action;\r\nX-Other: plain\r\n\r\nstatus\r\n--XX--",
)

SAMPLES = (
    *(Sample(b"POST", FORM, data) for data in FORMS),
    *(Sample(b"GET", b"", data) for data in FORMS),
    *(Sample(b"POST", JSON, data) for data in OBJECTS),
    *(Sample(b"POST", MULTIPART, data) for data in PARTS),
)

WORDS = (
    *(b"[0]", b"[", b"]", b"[]", b"[a][b]", b"=", b"&", b"+", b";", b",", b"#", b"?", b"/"),
    *(
        b"%00",
        b"%",
        b"%ff",
        b"%ED%A0%80",
        b"%u0041",
        b"\\ud800",
        b"\\u0000",
        b"\x00",
        b"\xff",
        b"\xed\xa0\x80",
    ),
    *(b"{", b"}", b'"', b":", b"\\", b"null", b"true", b"NaN", b"-Infinity", b"1e999", b"-0", b"0" * 40),
    *(
        b"9" * 65,
        b"9" * 400,
        b"1e-400",
        b"0x10",
        b"1.5",
        b"-1",
        b" ",
        b"\t",
        b"\r\n",
        b"\n",
        b"\r",
        b"\r\n\r\n",
    ),
    *(
        b"--XX",
        b"--XX--",
        b"\r\n--XX\r\n",
        b'; name="',
        b"; filename=",
        b"; charset=utf-16",
        b"name*=utf-8''",
    ),
    *("۹۱۲۱۲۳۴۵۶۷".encode(), "ي".encode(), "\u202e".encode(), "\ufeff".encode(), "😀".encode()),
    *(b"action=", b"key=", b"textData", b"cFields", b"receivers=", b"9120000109", b"phoneBook=-1", b"type=4"),
    *(b"test-key", b"sendID=1000000001", b"sendID=99999999999999999999", b"text=", b"trySend=99999999999"),
)


def mutate(chance: random.Random, data: bytes, others: tuple[bytes, ...] = ()) -> bytes:
    """The bytes after a few changes: other bytes, inserted words, repeated or missing pieces, the end of
    another request.
    """
    new = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        place = chance.randrange(len(new) + 1)
        match chance.randrange(7):
            case 0 if place < len(new):
                new[place] = chance.randrange(256)
            case 1 if place < len(new):
                new[place] ^= 1 << chance.randrange(8)
            case 2:
                del new[place : place + chance.randint(1, 12)]
            case 3:
                piece = new[place : place + chance.randint(1, 40)]
                new[place:place] = piece * chance.choice((1, 1, 2, 50))
            case 4 if others:
                other = chance.choice(others)
                new[place:] = other[chance.randrange(len(other)) :]
            case 5:
                new[place:place] = chance.randbytes(chance.randint(1, 6))
            case _:
                new[place:place] = chance.choice(WORDS)
    return bytes(new[:LONGEST])
