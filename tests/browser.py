"""A real browser for the tests: a headless Chromium that talks to nobody."""

import os
import shutil
from collections.abc import Iterator

import pytest
from selenium.webdriver import Chrome, ChromeOptions, ChromeService

_ALONE = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
)  # fmt: skip


@pytest.fixture(scope="session", name="browser")
def started_browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """One Chromium for all tests; where it is missing they are skipped, but fail where CI is "true"."""
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if chromium is None or driver is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("there is no chromium with its chromedriver")
    options = ChromeOptions()
    options.binary_location = chromium
    for argument in (*_ALONE, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    with Chrome(options=options, service=ChromeService(driver)) as chrome:
        yield chrome


def resize(chrome: Chrome, width: int, height: int, *, is_phone: bool = False) -> None:
    """Give the page a window of so many pixels, narrower than a real window may be."""
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": is_phone}
    chrome.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
