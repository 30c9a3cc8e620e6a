"""docs/inbox.md: the views are those of the inbox page."""

from tests.docs import facts
from tests.docs.markdown import tables


def test_every_view_is_shown() -> None:
    (table,) = tables("docs/inbox.md", "Views")
    assert table.column("view") == facts.views()


def test_the_page_has_presets() -> None:
    assert len(facts.presets()) > 1
