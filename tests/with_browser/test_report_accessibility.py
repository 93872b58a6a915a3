"""The report's page in Chromium: axe-core finds no fault, in either theme, at any width."""

from __future__ import annotations

from typing import Any

import pytest
from report_samples import evaluation, extraction, large

WIDTHS = {"wide": (1280, 800), "zoomed-200%": (640, 400), "narrow": (320, 640)}


def faults(page: Any) -> list[str]:
    """Return what axe-core reports, as lines."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page)
    return [f"{each['id']}: {[node['html'][:200] for node in each['nodes']]}" for each in found.response["violations"]]  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", WIDTHS.values(), ids=WIDTHS)
@pytest.mark.parametrize("name", ["extraction", "document", "summary", "keys"])
def test_axe_finds_no_fault(open_page: Any, name: str, size: tuple[int, int], scheme: str) -> None:
    """One extraction, a document with errors, the table by field, and the dialog."""
    html = evaluation() if name in ("document", "summary") else extraction()
    page = open_page(html, width=size[0], height=size[1], color_scheme=scheme, bypass_csp=True)
    if name == "document":
        page.locator("#document-list a", has_text="two-errors").click()
        page.keyboard.press("e")
    if name == "keys":
        page.keyboard.press("?")
    page.wait_for_timeout(150)  # transitions end
    assert faults(page) == []


def test_axe_would_find_a_fault(open_page: Any) -> None:
    """A name that is taken away, and a text without contrast."""
    page = open_page(extraction(), bypass_csp=True)
    page.evaluate(
        "document.getElementById('filter-kind').parentElement.replaceWith(document.getElementById('filter-kind'))"
    )
    page.evaluate("document.getElementById('object-name').style.color = '#ccc'")
    assert {fault.split(":")[0] for fault in faults(page)} == {"select-name", "color-contrast"}


@pytest.mark.parametrize("size", WIDTHS.values(), ids=WIDTHS)
@pytest.mark.parametrize("make", [evaluation, extraction])
def test_nothing_scrolls_sideways(open_page: Any, make: Any, size: tuple[int, int]) -> None:
    """Tables scroll inside their own region."""
    page = open_page(make(), width=size[0], height=size[1])
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_panes_are_stacked_where_it_is_narrow(open_page: Any) -> None:
    """Both have a height of their own, and the selection moves in both."""
    page = open_page(extraction(), width=320, height=640)
    text, values = page.locator("#text").bounding_box(), page.locator("#object").bounding_box()
    assert text["y"] + text["height"] <= values["y"]
    assert min(text["height"], values["height"]) >= 200
    assert min(text["width"], values["width"]) >= 300


def test_motion_is_reduced_where_asked(open_page: Any) -> None:
    """Rows change their colour at once."""
    durations = [
        open_page(extraction(), reduced_motion=wish).evaluate(
            "getComputedStyle(document.querySelector('.leaf')).transitionDuration"
        )
        for wish in ("no-preference", "reduce")
    ]
    assert durations == ["0.08s", "0s"]


STEPS = """async keys => {
  const times = [];
  for (const key of keys) {
    await new Promise(requestAnimationFrame);
    const start = performance.now();
    document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    times.push(performance.now() - start);
  }
  return times.reduce((sum, time) => sum + time) / times.length;
}"""


def test_five_thousand_leaves_stay_fluid(open_page: Any) -> None:
    """The main thread needs less than a frame for a step, its layout and painting, in its own CPU time."""
    page = open_page(large(5000))
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def busy() -> float:
        metrics = session.send("Performance.getMetrics")["metrics"]
        return float(next(each["value"] for each in metrics if each["name"] == "TaskDuration"))

    rendered = page.evaluate("""new Promise(done => new PerformanceObserver(list => done(list.getEntries()[0].startTime))
      .observe({ type: "paint", buffered: true }))""")
    assert rendered < 1500, "milliseconds until the first paint"
    keys = [*"j" * 150, "End", *"k" * 50, *["PageUp"] * 50, "Home", *["PageDown"] * 50]
    before = busy()
    handler = page.evaluate(STEPS, keys)
    frame = (busy() - before) / len(keys) * 1000
    print(f"first paint {rendered:.0f} ms, handler {handler:.2f} ms, CPU of a step {frame:.2f} ms")
    assert handler < 16
    assert frame < 16
