"""A headless Chromium, if there is one."""

import os
import shutil
from pathlib import Path

import pytest
from selenium import webdriver

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HOW = "apt-get install chromium chromium-driver"
OPTIONS = (
    "--headless=new",
    "--no-sandbox",  # root, in a container, has none
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-device-scale-factor=1",
    "--window-size=1280,900",
)


class Missing(Exception):
    """There is no browser; the message says how to get one."""


def start(profile: Path) -> webdriver.Chrome:
    """A new browser that has seen nothing yet. Raises Missing."""
    browser = next(filter(None, map(shutil.which, NAMES)), None)
    driver = shutil.which("chromedriver")
    if browser is None or driver is None:
        raise Missing(f"there is no {'chromium' if browser is None else 'chromedriver'}: {HOW}")
    options = webdriver.ChromeOptions()
    options.binary_location = browser
    for option in (*OPTIONS, f"--user-data-dir={profile}"):
        options.add_argument(option)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))


def get(profile: Path) -> webdriver.Chrome:
    """`start` for a test: where there is none it is skipped, or fails if REQUIRE_BROWSER=1."""
    try:
        return start(profile)
    except Missing as missing:
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(str(missing), pytrace=False)
        pytest.skip(str(missing))
