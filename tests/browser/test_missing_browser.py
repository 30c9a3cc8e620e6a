"""What the browser tests do without a browser."""

from pathlib import Path

import pytest

from tests.browser import chromium


def test_a_test_is_skipped_without_a_browser_and_says_how_to_install_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("REQUIRE_BROWSER", raising=False)
    with pytest.raises(pytest.skip.Exception, match=chromium.INSTALL_COMMAND):
        chromium.start_or_skip(tmp_path)


def test_a_test_fails_without_a_browser_if_one_is_required(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("REQUIRE_BROWSER", "1")
    with pytest.raises(pytest.fail.Exception, match=chromium.INSTALL_COMMAND):
        chromium.start_or_skip(tmp_path)
