"""Starts a headless Chromium."""

import os
import shutil
from pathlib import Path

import pytest
from selenium import webdriver

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
INSTALL_COMMAND = "apt-get install chromium chromium-driver"
OPTIONS = (
    "--headless=new",
    "--no-sandbox",  # root has no sandbox in a container
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-device-scale-factor=1",
    "--window-size=1280,900",
)
SCRIPT_TIMEOUT_SECONDS = 120  # axe-core takes long on a busy machine


class BrowserMissingError(Exception):
    """Chromium or chromedriver is not installed. The message says how to install it."""


def start(profile: Path) -> webdriver.Chrome:
    """Start a browser with an empty profile. Raises BrowserMissingError."""
    browser = next(filter(None, map(shutil.which, NAMES)), None)
    driver = shutil.which("chromedriver")
    if browser is None or driver is None:
        missing = "chromium" if browser is None else "chromedriver"
        raise BrowserMissingError(f"{missing} is not installed: {INSTALL_COMMAND}")
    options = webdriver.ChromeOptions()
    options.binary_location = browser
    for option in (*OPTIONS, f"--user-data-dir={profile}"):
        options.add_argument(option)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    chrome = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    chrome.set_script_timeout(SCRIPT_TIMEOUT_SECONDS)
    return chrome


def start_or_skip(profile: Path) -> webdriver.Chrome:
    """Start a browser for a test. Without one the test is skipped, or fails if REQUIRE_BROWSER=1."""
    try:
        return start(profile)
    except BrowserMissingError as error:
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(str(error), pytrace=False)
        pytest.skip(str(error))
