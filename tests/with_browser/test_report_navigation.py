"""The report's page in Chromium: the selection moves in both panes, and filters hold."""

from __future__ import annotations

from typing import Any

import pytest
from report_samples import PAGES, answer, evaluation, extraction

from structgen.evidence.report import ShownDocument, report_page
from structgen.evidence.source import Source
from structgen.types import Evidence

MARKED = """name => [...(CSS.highlights.get(name) ?? [])].map(place => {
  const range = document.createRange();
  range.setStart(place.startContainer, place.startOffset);
  range.setEnd(place.endContainer, place.endOffset);
  return range.toString();
})"""


IN_VIEW = """() => {
  const inside = (place, pane) => place.top >= pane.top && place.bottom <= pane.bottom;
  const box = id => document.getElementById(id).getBoundingClientRect();
  const place = [...CSS.highlights.get("selected")][0], range = document.createRange();
  range.setStart(place.startContainer, place.startOffset);
  range.setEnd(place.endContainer, place.endOffset);
  const row = document.querySelector(".leaf.selected").getBoundingClientRect();
  return [inside(range.getBoundingClientRect(), box("text")), inside(row, box("object"))];
}"""


def marked(page: Any, name: str = "selected") -> list[str]:
    """Return the texts that the page highlights under a name."""
    return list(page.evaluate(MARKED, name))


def selected(page: Any) -> str:
    """Return what the selected option says of its leaf."""
    return str(page.locator("[aria-selected=true]").get_attribute("aria-label"))


def press(page: Any, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def shown(page: Any) -> list[str]:
    """Return the pointers of the options."""
    labels = page.locator("[role=option]").evaluate_all("all => all.map(each => each.ariaLabel)")
    return [label.split(":")[0] for label in labels]


def test_keys_move_the_selection_in_both_panes(open_page: Any) -> None:
    """Offsets behind emoji, combining marks and CRLF are those of the source."""
    page = open_page(extraction())
    assert (selected(page).split(":")[0], marked(page)) == ("/seller", ["ALPINE TOOLS LTD"])
    press(page, "j", "ArrowDown")
    assert (selected(page).split(":")[0], marked(page)) == ("/date", ["17 April 2025"])
    press(page, "k")
    assert marked(page) == ["INV-417"]
    press(page, "End", "k")
    assert (selected(page).split(":")[0], marked(page)) == ("/contact", ["Ada Bergmann"])
    press(page, "Home")
    assert selected(page).startswith("/seller")


def test_in_the_text_keys_follow_the_places(open_page: Any) -> None:
    """Enter crosses over to the other pane and keeps the value."""
    data = {"total": 630.0, "number": "INV-417", "seller": "Alpine Tools Ltd"}
    page = open_page(extraction(data))
    press(page, "Enter", "Home")
    assert marked(page) == ["ALPINE TOOLS LTD"]
    press(page, "j", "j")
    assert "630.00" in marked(page)[0]
    press(page, "Enter")
    assert page.evaluate("document.activeElement.id") == "object"
    assert selected(page).startswith("/total")


def test_the_selection_scrolls_into_both_views(open_page: Any) -> None:
    """Also where thousands of lines stand between."""
    words = [f"word-{number}" for number in range(3000)]
    text = "\n".join(words)
    starts = [text.index(f"{word}\n") if word != words[-1] else len(text) - len(word) for word in words]
    evidence = {
        f"/{n}": Evidence("exact", starts[n], starts[n] + len(words[n]), candidates=1) for n in range(3000)
    }
    page = open_page(report_page("long", [ShownDocument("a", Source(text), words, evidence)], None))
    for key, word in [
        ("End", "word-2999"),
        ("PageUp", "word-2984"),
        ("Home", "word-0"),
        ("PageDown", "word-15"),
    ]:
        press(page, key)
        for _ in range(30):  # blocks and rows get their heights when they are painted
            page.wait_for_timeout(100)
            if page.evaluate(IN_VIEW) == [True, True]:
                break
        page.wait_for_timeout(200)
        assert (key, marked(page), page.evaluate(IN_VIEW)) == (key, [word], [True, True])


def test_a_click_on_a_highlight_selects_its_value(open_page: Any) -> None:
    """Another click selects the next value of the same place; hovering shows the row."""
    data = {"a": "INV-417", "b": "INV-417", "date": "2025-04-17"}
    place = PAGES[0].index("INV-417")
    evidence = {f"/{name}": Evidence("exact", place, place + 7, candidates=1) for name in "ab"}
    page = open_page(report_page("t", [ShownDocument("d", Source.of(PAGES), data, evidence)], None))
    press(page, "End")
    x, y = page.evaluate("""() => {
      const [node] = [...document.querySelectorAll(".block")].map(block => block.firstChild);
      const range = document.createRange(), at = node.data.indexOf("INV-417");
      range.setStart(node, at); range.setEnd(node, at + 7);
      const box = range.getBoundingClientRect();
      return [box.left + box.width / 2, box.top + box.height / 2];
    }""")
    page.mouse.move(x, y)
    page.wait_for_timeout(100)
    assert page.locator(".leaf.hovered .name").text_content() == "a"
    for pointer in ("/a", "/b", "/a"):
        page.mouse.click(x, y)
        page.wait_for_timeout(50)
        assert selected(page).split(":")[0] == pointer
    page.mouse.click(x + 500, y)
    assert selected(page).startswith("/a")


def test_errors_are_walked_over_all_documents(open_page: Any) -> None:
    """The worst document comes first; gold values and kinds of error are told in words."""
    page = open_page(evaluation())
    names = page.locator("#document-list bdi").all_text_contents()
    assert names == ["no-object", "row-missing", "two-errors", "right"]
    page.locator("#document-list a", has_text="two-errors").click()
    press(page, "e")
    assert "the value of another field" in selected(page) or "misspelt" in selected(page)
    assert 'gold "INV-417"' in selected(page)
    assert marked(page, "gold") == ["INV-417"]
    press(page, "e")
    assert 'gold "Ada Bergmann"' in selected(page)
    assert (marked(page), marked(page, "gold")) == (["Bergmann"], ["Ada Bergmann"])
    press(page, "e")
    assert page.locator("#status").text_content() == "No further error."
    press(page, "E", "E")
    assert page.locator("#document-name").text_content() == "row-missing"
    assert page.locator(".group", has_text="of gold").all_text_contents() == ["[1] of gold"]


def test_a_field_of_the_summary_shows_its_errors(open_page: Any) -> None:
    """The table stands first in an evaluation."""
    page = open_page(evaluation())
    page.get_by_role("button", name="/contact").click()
    assert page.locator("#document-name").text_content().startswith("no-object")
    assert shown(page) == ["/contact"]
    press(page, "e")
    assert page.locator("#document-name").text_content() == "two-errors"
    press(page, "s")
    assert page.locator("#summary").is_visible()


def test_filters_combine(open_page: Any) -> None:
    """Text is sought in pointers and values; Escape leaves the field, and then clears the filters."""
    page = open_page(extraction(answer(number="XX-9", total=77.0)))
    press(page, "/")
    page.keyboard.type("b-20")
    assert shown(page) == ["/items/1/sku"]
    page.locator("#filter-text").fill("")
    page.locator("#filter-kind").select_option("none")
    assert shown(page) == ["/number", "/total", "/city"]
    page.locator("#filter-score").fill("0")
    assert shown(page) == []
    page.locator("#filter-score").fill("1")
    page.locator("#filter-text").fill("/total")
    assert shown(page) == ["/total"]
    press(page, "Escape", "Escape")
    assert len(shown(page)) == 15
    address = page.url.split("#")[0]  # the selection stands behind the mark, and would be kept
    page.goto("about:blank")
    page.goto(address)
    press(page, "e")
    assert selected(page).startswith("/number")


@pytest.mark.parametrize("kind", ["leaf", "gold"])
def test_the_hash_keeps_the_selection(open_page: Any, kind: str) -> None:
    """A leaf that only the gold object has is named as such."""
    page = open_page(evaluation())
    page.locator("#document-list a", has_text="row-missing").click()
    press(page, *("e" if kind == "gold" else "jj"))
    page.wait_for_timeout(250)
    assert f"{kind}=" in page.url
    before = selected(page)
    page.reload()
    assert selected(page) == before
    assert page.locator("#document-name").text_content() == "row-missing"


def test_keys_are_explained(open_page: Any) -> None:
    """The dialog closes with Escape; keys with a modifier belong to the browser."""
    page = open_page(extraction())
    press(page, "?")
    assert page.get_by_role("dialog").is_visible()
    press(page, "j", "Escape", "Control+j")
    assert not page.get_by_role("dialog").is_visible()
    assert selected(page).startswith("/seller")


def test_every_row_is_printed(open_page: Any) -> None:
    """On paper, nothing scrolls."""
    page = open_page(extraction([f"value {number}" for number in range(300)]))
    assert page.locator("[role=option]").count() < 300
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator("[role=option]").count() == 300
    assert page.evaluate("document.getElementById('object').scrollHeight === document.getElementById('object').clientHeight")  # fmt: skip
    assert not page.locator("#filters").is_visible()


def test_an_empty_object_has_no_rows(open_page: Any) -> None:
    """Keys do nothing then."""
    page = open_page(extraction({}, ("",)))
    press(page, "j", "e", "E", "Enter", "j", "End")
    assert page.locator("#object").text_content() == "No value passes the filter."
