"""The app in Chromium without a window: months a second on the screen, the wait for a button while it plays, and memory."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

from tests.support.browser import CHROMIUM, FLAGS, Tab, missing, serving

QUERIES = {
    "105 firms": "",
    "3,000 firms": "population.small=2900&population.large=100",
    "105 firms, with a comparison run": "beside=everyone+independent",
}
SECONDS = 8


def main() -> None:
    """Print one line per query, then what 2,000 months and 50 resets do to the server's memory."""
    reason = missing()
    if reason:
        print(f"app: not measured, {reason}")
        return
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright, serving("-m", "sim", "app", "--no-browser", "--port") as (address, process):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS, headless=True)
        for name, query in QUERIES.items():
            print(f"app: {name}: {_pace(Tab(browser, address, query))}")
        print(f"app: {_memory(Tab(browser, address), process)}")


def _pace(tab: Tab) -> str:
    """Return the months drawn a second at the pace 'normal', which draws every month, and the wait for 'Pause'."""
    tab.press("Play")
    tab.until_month(5)
    waits, first, start = [], tab.month(), time.perf_counter()
    tab.page.wait_for_timeout(SECONDS * 1000)
    rate = (tab.month() - first) / (time.perf_counter() - start)
    for label, other in (("Pause", "Play"), ("Play", "Pause")) * 3:
        pressed = time.perf_counter()
        tab.press(label)
        tab.page.get_by_role("button", name=other, exact=True).wait_for()
        waits.append(time.perf_counter() - pressed)
    tab.close()
    return f"{rate:.1f} months a second, every one drawn; a button answers in {statistics.median(waits):.2f} s"


def _memory(tab: Tab, process: int) -> str:
    """Return the memory of server and page after 200, 1,000 and 2,000 months and after 50 resets."""
    tab.page.locator(".pace").click()
    tab.page.get_by_role("option", name="fast").click()
    noted = []
    for months in (200, 1000, 2000):
        tab.press("Play")
        tab.until_month(months, 600_000)
        tab.press("Pause")
        noted.append(f"{months:,} months {_megabytes(process):.0f} + {_heap(tab):.0f} MB")
    for _ in range(50):
        tab.press("Reset")
        tab.press("Step")
        tab.page.wait_for_timeout(50)
    noted.append(f"50 resets {_megabytes(process):.0f} + {_heap(tab):.0f} MB")
    tab.close()
    return f"server + script memory after {', '.join(noted)}"


def _megabytes(process: int) -> float:
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def _heap(tab: Tab) -> float:
    client = tab.context.new_cdp_session(tab.page)
    client.send("HeapProfiler.collectGarbage")
    return float(client.send("Runtime.getHeapUsage")["usedSize"]) / 2**20


if __name__ == "__main__":
    main()
