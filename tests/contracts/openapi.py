"""The content of openapi.json, made from the schemas, the catalogue of codes and the rules.

- The document refers to the schemas and does not repeat them. Only names and descriptions are copied.
- Its statements about the service are the sentences of the rules, with their ids and evidence, and the
  descriptions of the schemas.
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
            # The version of the vendor's guide: Aban (the eighth month) of 1403.
            "version": "1403.8",
            "description": INFO,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        # The simulator is first, so that trying out the document costs nothing.
        "servers": [
            {"url": "http://127.0.0.1:1403", "description": "the simulator, `fakeserver`"},
            {
                "url": "https://mydnspanel.com",
                "description": "the real panel, where messages are charged for",
            },
        ],
        "paths": {
            "/webservice/server": {
                "description": sentences("W1", "W2"),
                "get": get_operation(),
                "post": post_operation(),
            }
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
This document is generated from codes.json, rules.json and the schemas. It refers to the schemas and cannot
be used without them. Each statement about the service ends with the id of its rule and its evidence: stated
by the vendor's guide, observed in public clients, or assumed by this project. The contracts' README.md lists
the rules.

A reply has HTTP status 200, whatever its result. Every code has an example reply called `<action>-<code>`
(`send-109`), or `gate-<code>` if every action can get it. `x-codes` has everything that is known about the
code. OpenAPI cannot express which reply belongs to which action; `x-actions` does."""


def sentences(*ids: str) -> str:
    """The sentences of the rules, each with its id and its evidence."""
    return " ".join(f"{RULES[rule].text.removesuffix('.')} ({rule}, {RULES[rule].evidence})." for rule in ids)


def api_key(place: str, name: str) -> Document:
    return {"type": "apiKey", "in": place, "name": name, "description": sentences("A1")}


def component(action: str, kind: str) -> Document:
    return {"$ref": f"#/components/schemas/{component_name(action, kind)}"}


def component_name(action: str, kind: str) -> str:
    """For example SendOTPRequest for sendOTP: code generators use it as a class name."""
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


def get_operation() -> Document:
    return {
        "operationId": "requestByGet",
        "summary": "Make a request with the key and the parameters in the query string",
        "description": sentences("W10", "W9", "W11"),
        "security": [{"keyInQuery": []}],
        "parameters": [action_parameter(), *(query_parameter(name) for name in parameter_names())],
        "responses": {"200": {"$ref": "#/components/responses/Reply"}},
    }


def post_operation() -> Document:
    schema = {"$ref": "#/components/schemas/Request"}
    examples = {name: {"$ref": f"#/components/examples/{name}"} for name, _ in request_examples()}
    as_json = {name: {"contentType": JSON} for name in parameter_names() if is_structured(name)}
    form = {"schema": schema, "encoding": as_json, "examples": examples}
    return {
        "operationId": "requestByPost",
        "summary": "Make a request with the key in a header and the parameters in the body",
        "description": sentences("W10", "W9", "W11"),
        "security": [{"keyInHeader": []}],
        "requestBody": {
            "description": sentences("W5", "W7", "W8", "W12"),
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
        "description": "\n".join(["The action.", "", *lines]),
        "schema": {"title": "the name of an action", "enum": list(ACTIONS)},
        "example": "status",
    }


def parameter_names() -> list[str]:
    """The parameters of all actions, except `action`."""
    names = dict.fromkeys(name for schema in REQUESTS.values() for name in schema["properties"])
    return [name for name in names if name != "action"]


def query_parameter(name: str) -> Document:
    users = {action: schema for action, schema in REQUESTS.items() if name in schema["properties"]}
    required = [action for action, schema in users.items() if name in schema.get("required", ())]
    optional = [action for action in users if action not in required]
    descriptions = {action: schema["properties"][name].get("description") for action, schema in users.items()}
    parts = [
        f"Required: {', '.join(required)}." if required else "",
        f"Optional: {', '.join(optional)}." if optional else "",
        # A description of a parameter that several actions have applies only to its own action.
        *(text if len(users) == 1 else f"{action}: {text}" for action, text in descriptions.items() if text),
        sentences("W7") if is_structured(name) else "",
    ]
    schema = {"$ref": shared_definition(name).replace("../", SCHEMAS)}
    content = {"content": {JSON: {"schema": schema}}} if is_structured(name) else {"schema": schema}
    return {"name": name, "in": "query", "description": " ".join(filter(None, parts)), **content}


def shared_definition(name: str) -> str:
    """The definition to which every action with this parameter refers, unless it ignores the parameter."""
    properties = [schema["properties"].get(name, {}) for schema in REQUESTS.values()]
    (reference,) = {schema["$ref"] for schema in properties if "$ref" in schema}
    return str(reference)


def is_structured(name: str) -> bool:
    """Whether the parameter is a list or an object, which forms and queries have as JSON text (W7)."""
    return shared_definition(name) in {
        f"{PARAMETERS}#/$defs/patternVariables",
        f"{PARAMETERS}#/$defs/customFields",
    }


def request_examples() -> Iterator[tuple[str, Document]]:
    """The examples of the schemas with their action, each once (some differ only in having the action)."""
    for action, schema in REQUESTS.items():
        values = [{"action": action, **example} for example in schema["examples"]]
        distinct = [value for at, value in enumerate(values) if value not in values[:at]]
        for number, value in enumerate(distinct, 1):
            yield f"{action}-{number}", value


# Replies


class Example(NamedTuple):
    """An example reply for a row of the catalogue. `codes` says in words which codes it has."""

    name: str
    codes: str
    row: Document
    reply: Document


def responses() -> Document:
    # Successes come first, because mock servers answer with the first example.
    examples = sorted(reply_examples(), key=lambda example: example.reply["result"] != "1")
    return {
        "Reply": {
            "description": sentences("W3", "W4", "W14"),
            "content": {
                JSON: {
                    "schema": {"$ref": "#/components/schemas/Reply"},
                    "examples": {each.name: openapi_example(each) for each in examples} | bare_zero(),
                }
            },
        },
        "TooLarge": {"description": sentences("W13")},
    }


def openapi_example(example: Example) -> Document:
    """The summary has the knowledge with the best evidence, the description has the rest."""
    row = example.row
    summary = f"{example.codes}: {row[row['evidence']]} ({row['rule']}, {row['evidence']})"
    rest = [
        f"{evidence.capitalize()}: {row[evidence]}."
        for evidence in ("observed", "assumed")
        if evidence in row and evidence != row["evidence"]
    ]
    return {"summary": summary, **({"description": " ".join(rest)} if rest else {}), "value": example.reply}


def bare_zero() -> Document:
    """The only reply that is not an object (A7)."""
    (row,) = (row for row in CATALOGUE["results"] if row["rule"] == "A7" and row["evidence"] == "observed")
    summary = f"the bare text 0: {row['observed']} (A7, observed)"
    return {"unknownAction-0-bare": {"summary": summary, "value": 0}}


def reply_examples() -> Iterator[Example]:
    """An example for each row of the catalogue that can appear in a reply and for each pair of statuses."""
    for row in CATALOGUE["results"]:
        reply = reply_with(row["action"], row["code"])
        yield Example(example_name("results", row), str(row["code"]), row, reply)
    for row in CATALOGUE["gate"]:
        yield Example(example_name("gate", row), str(row["code"]), row, {"result": str(row["code"])})
    for row in CATALOGUE["phonebook"]:
        reply = success("send") | {"phoneBook": str(row["code"])}
        yield Example(example_name("phonebook", row), f"1 with phoneBook {row['code']}", row, reply)
    for row in CATALOGUE["fields"]:
        # X7 is one code for all fields.
        code = str(row["code"])
        reply = success("newContact") | {"fields": code if row["rule"] == "X7" else {"FYa12346": code}}
        yield Example(example_name("fields", row), f"1 with fields {code}", row, reply)
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
        yield Example(name, f"1 with statuses {first} and {second}", row, reply)


NAME_PREFIXES = {"gate": "gate", "phonebook": "send-1-phoneBook", "fields": "newContact-1-fields"}


def example_name(table: str, row: Document) -> str:
    """`<action>-<code>`, followed by the rule if an earlier rule gives the action the same code."""
    rows = [other for other in CATALOGUE[table] if other.get("action") == row.get("action")]
    first = next(other for other in rows if other["code"] == row["code"])
    name = f"{NAME_PREFIXES.get(table) or row['action']}-{row['code']}"
    return name if first == row else f"{name}-{row['rule']}"


def reply_with(action: str, code: int) -> Document:
    """The example reply with that code in the schema, or a reply with only the code."""
    examples = (each for each in REPLIES[action]["examples"] if isinstance(each, dict))
    return next((dict(each) for each in examples if each["result"] == str(code)), {"result": str(code)})


def success(action: str) -> Document:
    return reply_with(action, 1)


def codes() -> Document:
    """The catalogue, with the name of the example in each row of codes."""
    tables = {table: rows for table, rows in CATALOGUE.items() if table not in {"$schema", "title"}}
    with_examples = {
        table: [{**row, "example": example_name(table, row)} for row in tables[table]]
        for table in ("gate", "results", "phonebook", "fields")
    }
    return tables | with_examples
