"""What a report costs its reader, in a headless Chromium, as a Markdown table.

`python -m tests.benchmarks.page REPORT ...` takes one report.html or more. Times are the median of a few loads, the
slowest answer to a search that is typed letter by letter counts, and both end with the frame that shows them.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.browser.pages import Page, start_browser

LOADS = 3
QUERY = "the design"
WATCH = """
new MutationObserver((_, observer) => {
  if (!document.querySelector("#map.drawn")) return;
  observer.disconnect();
  requestAnimationFrame(() => setTimeout(() => { window.firstDrawn = performance.now(); }));
}).observe(document, {subtree: true, childList: true, attributes: true, attributeFilter: ["class"]});
"""
LOADED = """
const paint = performance.getEntriesByName("first-contentful-paint")[0];
return [paint.startTime, window.firstDrawn];
"""
SEARCH = """
const [selector, text, done] = arguments, field = document.querySelector(selector), start = performance.now();
field.value = text;
field.dispatchEvent(new Event("input", {bubbles: true}));
requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
"""
ROWS = {
    "report.html, MB": "under 1.5 at about 500 posts, 3 at 2,000, 8 at 20,000",
    "first paint, ms": "",
    "map drawn, ms": "under 2,000 at about 500 posts",
    "search of the table, ms": "under 200 at 20,000 posts",
    "search of the map, ms": "under 200 at 20,000 posts",
}


def measure(page: Page, report: Path) -> Mapping[str, float]:
    """The figures of one report, by their names in `ROWS`."""
    painted, drawn = (
        statistics.median(times) for times in zip(*(load(page, report) for _ in range(LOADS)), strict=True)
    )
    listed, lit = (slowest_search(page, field) for field in ("#filter-q", "#map-search"))
    return dict(zip(ROWS, (report.stat().st_size / 1e6, painted, drawn, listed, lit), strict=True))


def load(page: Page, report: Path) -> tuple[float, float]:
    """The milliseconds from the start of a load to the first paint and to the drawn map."""
    page.open(report)
    page.wait(lambda: page.run("return window.firstDrawn"), "no map was drawn")
    first, map_ = page.run(LOADED)
    return first, map_


def slowest_search(page: Page, field: str) -> float:
    """The milliseconds of the slowest answer while `QUERY` is typed."""
    texts = [QUERY[: length + 1] for length in range(len(QUERY))]
    return max(page.browser.execute_async_script(SEARCH, field, text) for text in texts)


def table(reports: Sequence[Path], results: Sequence[Mapping[str, float]]) -> str:
    """Lay results out in Markdown: a column each, and what is wanted in the last."""

    def figure(row: str, value: float) -> str:
        return f"{value:.2f}" if row.endswith("MB") else f"{value:,.0f}"

    lines = [
        ["", *(str(report) for report in reports), "wanted"],
        ["---", *("--:" for _ in reports), "---"],
        *([row, *(figure(row, result[row]) for result in results), wanted] for row, wanted in ROWS.items()),
    ]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def main(argv: Sequence[str] | None = None) -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.page", description=__doc__)
    parser.add_argument("reports", type=Path, nargs="+", metavar="REPORT", help="a report.html")
    reports = [report.resolve() for report in parser.parse_args(argv).reports]
    browser = start_browser(shutil.which("chromium") or "chromium", shutil.which("chromedriver") or "chromedriver")
    try:
        page = Page(browser)
        page.devtools("Page.addScriptToEvaluateOnNewDocument", source=WATCH)
        results = [measure(page, report) for report in reports]
    finally:
        browser.quit()
    sys.stdout.write(table(reports, results))


if __name__ == "__main__":
    main()
