"""What contracts/openapi.json holds, made of the schemas, the catalogue of codes and the rules.

Rule 1: what a schema says is referred to, never repeated; only names and sentences are taken out of it.
Rule 2: what the document says of the service are the rules' own sentences, each with its id and its
evidence, and those of the schemas.
"""

import copy
from collections.abc import Iterator
from typing import Any, NamedTuple

from mydnspanel_contracts import ACTIONS, UNKNOWN_ACTION, catalogue, reply_schema, request_schema, rules

Document = dict[str, Any]

SCHEMAS = "schemas/"
PARAMETERS = "../shared/parameters.json"
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"

CATALOGUE = catalogue()
REQUESTS = {action: request_schema(action) for action in ACTIONS}
REPLIES = {action: reply_schema(action) for action in (*ACTIONS, UNKNOWN_ACTION)}
RULES = {rule.id: rule for rule in rules()}


def document() -> Document:
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "The panel's SMS web service",
            # Of the vendor's guide that the rules follow: Aban is the eighth month.
            "version": "1403.8",
            "description": INFO,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        # The simulator first: who tries this document out sends nothing that costs money.
        "servers": [
            {"url": "http://127.0.0.1:1403", "description": "the simulator, `fakeserver`"},
            {"url": "https://mydnspanel.com", "description": "the panel itself: messages are charged for"},
        ],
        "paths": {
            "/webservice/server": {"description": said("W1", "W2"), "get": by_get(), "post": by_post()}
        },
        "components": {
            "securitySchemes": {
                "keyInQuery": api_key("query", "key"),
                "keyInHeader": api_key("header", "Authorization"),
            },
            "schemas": schemas(),
            "examples": {name: {"value": value} for name, value in request_examples()},
            "responses": responses(),
        },
        "x-actions": {
            **{a: {"request": component(a, "Request"), "reply": component(a, "Reply")} for a in ACTIONS},
            UNKNOWN_ACTION: {"reply": component(UNKNOWN_ACTION, "Reply")},
        },
        "x-codes": codes(),
    }


INFO = """\
Generated from codes.json, rules.json and the schemas beside it; it refers to the schemas and is of no use
without them. What is said of the service ends with the id of its rule and with how that is known: stated by
the vendor's guide, observed in public clients, or assumed by this project. README.md lists the rules.

A reply has HTTP status 200 whatever its result. Every code is among the examples of the reply, as
`<action>-<code>` (`send-109`), or `gate-<code>` where any action may be answered so; `x-codes` holds all that
is known of it. OpenAPI cannot say which reply belongs to which action; `x-actions` does."""


# What is said


def said(*ids: str) -> str:
    """The rules' sentences, each with its id and its evidence."""
    return " ".join(f"{RULES[rule].text.removesuffix('.')} ({rule}, {RULES[rule].evidence})." for rule in ids)


def api_key(place: str, name: str) -> Document:
    return {"type": "apiKey", "in": place, "name": name, "description": said("A1")}


def component(action: str, kind: str) -> Document:
    return {"$ref": f"#/components/schemas/{component_name(action, kind)}"}


def component_name(action: str, kind: str) -> str:
    """SendOTPRequest for sendOTP: the names of classes, where classes are generated."""
    return action[0].upper() + action[1:] + kind


def schemas() -> Document:
    requests = {component_name(a, "Request"): {"$ref": f"{SCHEMAS}requests/{a}.json"} for a in REQUESTS}
    replies = {component_name(a, "Reply"): {"$ref": f"{SCHEMAS}replies/{a}.json"} for a in REPLIES}
    return {
        **requests,
        **replies,
        "Request": {
            "title": "a request for any of the actions",
            "type": "object",
            "required": ["action"],
            "oneOf": [component(action, "Request") for action in REQUESTS],
            "discriminator": {
                "propertyName": "action",
                "mapping": {action: component(action, "Request")["$ref"] for action in REQUESTS},
            },
        },
        "Reply": {
            "title": "a reply to any of the actions",
            "anyOf": [component(action, "Reply") for action in REPLIES],
        },
    }


# Requests


def by_get() -> Document:
    return {
        "operationId": "askByGet",
        "summary": "Ask, with everything in the query string",
        "description": said("W10", "W9", "W11"),
        "security": [{"keyInQuery": []}],
        "parameters": [action_parameter(), *(query_parameter(name) for name in parameter_names())],
        "responses": {"200": {"$ref": "#/components/responses/Reply"}},
    }


def by_post() -> Document:
    schema = {"$ref": "#/components/schemas/Request"}
    examples = {name: {"$ref": f"#/components/examples/{name}"} for name, _ in request_examples()}
    as_json = {name: {"contentType": JSON} for name in parameter_names() if is_structured(name)}
    form = {"schema": schema, "encoding": as_json, "examples": examples}
    return {
        "operationId": "askByPost",
        "summary": "Ask, with the key in the header and the parameters in the body",
        "description": said("W10", "W9", "W11"),
        "security": [{"keyInHeader": []}],
        "requestBody": {
            "description": said("W5", "W7", "W8", "W12"),
            "required": True,
            "content": {FORM: form, MULTIPART: form, JSON: {"schema": schema, "examples": examples}},
        },
        "responses": {
            "200": {"$ref": "#/components/responses/Reply"},
            "413": {"$ref": "#/components/responses/TooLarge"},
        },
    }


def action_parameter() -> Document:
    lines = [f"- `{action}`: {schema['description']}" for action, schema in REQUESTS.items()]
    return {
        "name": "action",
        "in": "query",
        "required": True,
        "description": "\n".join(["What is asked for.", "", *lines]),
        "schema": {"title": "the name of an action", "enum": list(ACTIONS)},
        "example": "status",
    }


def parameter_names() -> list[str]:
    """Of every action, each once; `action` is apart."""
    names = dict.fromkeys(name for schema in REQUESTS.values() for name in schema["properties"])
    return [name for name in names if name != "action"]


def query_parameter(name: str) -> Document:
    users = {action: schema for action, schema in REQUESTS.items() if name in schema["properties"]}
    required = [action for action, schema in users.items() if name in schema.get("required", ())]
    optional = [action for action in users if action not in required]
    told = {action: schema["properties"][name].get("description") for action, schema in users.items()}
    parts = [
        f"Required: {', '.join(required)}." if required else "",
        f"Optional: {', '.join(optional)}." if optional else "",
        # What an action says of a parameter that others have too is said of that action alone.
        *(text if len(users) == 1 else f"{action}: {text}" for action, text in told.items() if text),
        said("W7") if is_structured(name) else "",
    ]
    schema = {"$ref": shared(name).replace("../", SCHEMAS)}
    place = {"content": {JSON: {"schema": schema}}} if is_structured(name) else {"schema": schema}
    return {"name": name, "in": "query", "description": " ".join(filter(None, parts)), **place}


def shared(name: str) -> str:
    """The one definition that the actions refer to for this parameter; who does not read it has none."""
    properties = [schema["properties"].get(name, {}) for schema in REQUESTS.values()]
    (reference,) = {schema["$ref"] for schema in properties if "$ref" in schema}
    return str(reference)


def is_structured(name: str) -> bool:
    """Whether it is a list or an object, which a form and a query string hold as JSON text (W7)."""
    return shared(name) in {f"{PARAMETERS}#/$defs/patternVariables", f"{PARAMETERS}#/$defs/customFields"}


def request_examples() -> Iterator[tuple[str, Document]]:
    """The examples of the schemas, with their action; those without one differ in it alone."""
    for action, schema in REQUESTS.items():
        values = [{"action": action, **example} for example in schema["examples"]]
        distinct = [value for at, value in enumerate(values) if value not in values[:at]]
        for number, value in enumerate(distinct, 1):
            yield f"{action}-{number}", value


# Replies


class Example(NamedTuple):
    """A reply that shows a row of the catalogue; `head` is what it is answered with."""

    name: str
    head: str
    row: Document
    reply: Document


def responses() -> Document:
    # A success comes first: mock servers answer with the first one.
    shown = sorted(reply_examples(), key=lambda example: not is_success(example.reply))
    return {
        "Reply": {
            "description": said("W3", "W4", "W14"),
            "content": {
                JSON: {
                    "schema": {"$ref": "#/components/schemas/Reply"},
                    "examples": {example.name: told(example) for example in shown} | bare_zero(),
                }
            },
        },
        "TooLarge": {"description": said("W13")},
    }


def told(example: Example) -> Document:
    """The example as OpenAPI has it: what the row knows best first, then what else is known."""
    row = example.row
    summary = f"{example.head}: {row[row['evidence']]} ({row['rule']}, {row['evidence']})"
    more = [f"{how.capitalize()}: {row[how]}." for how in ("observed", "assumed") if how in row]
    more = more if row["evidence"] == "stated" else more[1:]
    return {"summary": summary, **({"description": " ".join(more)} if more else {}), "value": example.reply}


def bare_zero() -> Document:
    """The one reply that is no object (A7)."""
    (row,) = (row for row in CATALOGUE["results"] if row["rule"] == "A7" and row["evidence"] == "observed")
    summary = f"the bare text 0: {row['observed']} (A7, observed)"
    return {"unknownAction-0-bare": {"summary": summary, "value": 0}}


def reply_examples() -> Iterator[Example]:
    """One for each row of the catalogue that may stand in a reply, and one for each pair of statuses."""
    for row in CATALOGUE["results"]:
        reply = reply_with(row["action"], row["code"])
        yield Example(example_name("results", row), str(row["code"]), row, reply)
    for row in CATALOGUE["gate"]:
        yield Example(example_name("gate", row), str(row["code"]), row, {"result": str(row["code"])})
    for row in CATALOGUE["phonebook"]:
        reply = success("send") | {"phoneBook": str(row["code"])}
        yield Example(example_name("phonebook", row), f"1, and phoneBook {row['code']}", row, reply)
    for row in CATALOGUE["fields"]:
        # X7 is one code for all that was sent.
        code = str(row["code"])
        reply = success("newContact") | {"fields": code if row["rule"] == "X7" else {"FYa12346": code}}
        yield Example(example_name("fields", row), f"1, and in fields {code}", row, reply)
    yield from status_examples()


def status_examples() -> Iterator[Example]:
    graph = CATALOGUE["lifecycle"]
    meanings = [
        {row["code"]: row["stated"] for row in CATALOGUE[table]}
        for table in ("processing_statuses", "send_statuses")
    ]
    for first, second in (*(move["from"] for move in graph["moves"]), *graph["finals"]):
        meaning = f"{meanings[0][first]}; {meanings[1][second]}"
        row = {"rule": graph["rule"], "evidence": "stated", "stated": meaning}
        reply = copy.deepcopy(success("reportSend"))
        reply["data"]["receivers"][0] |= {"processingStatus": str(first), "sendStatus": str(second)}
        name = f"reportSend-1-status-{first}-{second}"
        yield Example(name, f"1, and statuses {first} and {second}", row, reply)


OWNERS = {"gate": "gate", "phonebook": "send-1-phoneBook", "fields": "newContact-1-fields"}


def example_name(table: str, row: Document) -> str:
    """`<action>-<code>`, with the rule behind it where another rule gave the action that code before."""
    rows = [other for other in CATALOGUE[table] if other.get("action") == row.get("action")]
    first = next(other for other in rows if other["code"] == row["code"])
    name = f"{OWNERS.get(table) or row['action']}-{row['code']}"
    return name if first == row else f"{name}-{row['rule']}"


def reply_with(action: str, code: int) -> Document:
    """The schema's example of that code, or the code alone."""
    examples = (each for each in REPLIES[action]["examples"] if isinstance(each, dict))
    return next((dict(each) for each in examples if each["result"] == str(code)), {"result": str(code)})


def success(action: str) -> Document:
    return reply_with(action, 1)


def is_success(reply: Document) -> bool:
    return bool(reply["result"] == "1")


def codes() -> Document:
    """The catalogue, each row with the name of its example."""
    tables = {table: rows for table, rows in CATALOGUE.items() if table not in {"$schema", "title"}}
    shown = {
        table: [{**row, "example": example_name(table, row)} for row in tables[table]]
        for table in ("gate", "results", "phonebook", "fields")
    }
    return tables | shown
