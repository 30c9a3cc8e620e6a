"""docs/control-api.md: its statuses, events, headers and members are those of the control plane."""

import re

from tests.docs import facts
from tests.docs.markdown import code_spans, tables

PAGE = "docs/control-api.md"


def test_the_events_are_those_of_the_openapi_document() -> None:
    (table,) = tables(PAGE, "Events")
    summary = facts.served().openapi["paths"]["/_fake/events"]["get"]["summary"]
    listed = summary.partition(": ")[2].split(", ")
    assert sorted(cell.strip("`") for cell in table.column("event")) == sorted(listed)


def test_the_commands_of_the_clock_are_those_of_the_openapi_document() -> None:
    (table,) = tables(PAGE, "Clock")
    shown = re.findall(r'`\{"(\w+)":', " ".join(row[0] for row in table.rows))
    assert sorted(shown) == sorted(facts.schema_of("ClockCommand")["properties"])


def test_every_path_in_the_text_is_one_of_the_openapi_document() -> None:
    paths = facts.served().openapi["paths"]
    for table in tables(PAGE, "All requests"):
        for cell in table.column("request"):
            method, path = code_spans(cell)[0].split()
            assert method.lower() in paths[path]


def test_the_headers_are_those_that_the_service_sends() -> None:
    (table,) = tables(PAGE, "Headers of the web service")
    shown = {cell.strip("`") for cell in table.column("header")}
    assert shown == facts.service_headers()
