"""What these tests do where there is no browser."""

from pathlib import Path

import pytest

from tests.browser import chromium

HOW = "apt-get install chromium chromium-driver"


def test_without_a_browser_they_skip_and_say_how_to_get_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("REQUIRE_BROWSER", raising=False)
    with pytest.raises(pytest.skip.Exception, match=HOW):
        chromium.get(tmp_path)


def test_where_a_browser_is_required_they_fail_without_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("REQUIRE_BROWSER", "1")
    with pytest.raises(pytest.fail.Exception, match=HOW):
        chromium.get(tmp_path)
