"""docs/inbox.md: the views and the presets are those of the inbox page."""

import re

from tests.docs.markdown import tables
from tests.source import ROOT

PAGE = "docs/inbox.md"


SCRIPTS = "".join(path.read_text("utf-8") for path in (ROOT / "fakeserver" / "web" / "inbox").rglob("*.js"))


def test_every_view_is_shown() -> None:
    (views,) = re.findall(r"^const VIEWS = \{(.*)\};$", SCRIPTS, re.MULTILINE)
    (table,) = tables(PAGE, "Views")
    assert table.column("view") == re.findall(r'"([^"]+)"', views)


def test_every_preset_is_shown() -> None:
    (table,) = tables(PAGE, "Faults with one click")
    assert table.column("preset") == re.findall(r'^  \{ name: "([^"]+)"', SCRIPTS, re.MULTILINE)
