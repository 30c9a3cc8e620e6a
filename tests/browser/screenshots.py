"""Takes the screenshots of the inbox page for the documentation: `python -m tests.browser.screenshots`."""

import sys
import tempfile
from pathlib import Path

from fakeserver.testing import Panel, PanelServer
from tests.browser import chromium
from tests.browser.page import Page
from tests.testing.application import ask, send

FOLDER = Path(__file__).parent / "screenshots"
SIZE_MAX = 150_000  # bytes
WIDTH, HEIGHT = 1120, 640

# (seconds after the previous message, receivers, text), oldest first.
MESSAGES = (
    (0, "9121110000", "کاربر گرامی، ثبت‌نام شما با موفقیت انجام شد. به فروشگاه ما خوش آمدید."),
    (95, "9125550147", "سفارش شما ثبت شد و به‌زودی آماده‌ی ارسال می‌شود. سپاس از خرید شما."),
    (410, "9120000004", "یادآوری: قسط این ماه شما تا پایان هفته سررسید می‌شود."),
    (120, "9351112233,9121234567,9120000005", "جشنواره‌ی پاییزی آغاز شد: تا ۳۰٪ تخفیف. لغو: ۱۱"),
    (45, "9121234567", "Your parcel has left the warehouse and arrives tomorrow."),
    (330, "9120000001", "بسته‌ی شما به پست تحویل داده شد و فردا به دستتان می‌رسد."),
)


def fill(panel: Panel) -> int:
    """Send the messages, and return the sendID of the one in the second screenshot."""
    shown = 0
    for seconds, receivers, text in MESSAGES:
        panel.advance(seconds)
        message = send(panel, to=receivers, text=text)
        shown = message if "," in receivers else shown
    panel.advance(240)
    panel.deliver(from_="9121234567", text="لغو ۱۱")
    ask(
        panel,
        "sendServices",
        from_="90001403",
        textCode=1001,
        textData='{"code":"۴۸۲۱۹"}',
        receivers="9127654321",
    )
    ask(panel, "sendOTP", appID="test-app", code="73519", receivers="9351112233")
    panel.advance(0.3)
    return shown


def take(page: Page, name: str, scheme: str) -> None:
    """Save a screenshot in this colour scheme."""
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    page.wait_until(lambda: page.js("return document.fonts.status") == "loaded")
    page.js("document.activeElement.blur()")
    page.wait_for_frame()
    FOLDER.mkdir(exist_ok=True)
    screenshot = FOLDER / f"{name}-{scheme}.png"
    page.driver.save_screenshot(str(screenshot))
    size = screenshot.stat().st_size
    print(screenshot.name, size)
    if size >= SIZE_MAX:
        sys.exit(f"{screenshot.name} is too large: {size} bytes")


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as profile,
        PanelServer.start() as server,
        server.new_account(key="shop") as panel,
        chromium.start(Path(profile)) as driver,
    ):
        metrics = {"width": WIDTH, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": False}
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        message = fill(panel)
        page = Page(driver, server.url, panel.api_key)
        page.open()
        page.wait_until(lambda: len(page.rows()) == len(MESSAGES) + 2)
        take(page, "inbox", "light")
        page.open(f"messages/{message}")
        page.wait_for_texts("3 receivers")
        take(page, "message", "dark")


if __name__ == "__main__":
    main()
