"""The report's page without a browser: what is embedded, and how offsets are kept."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from structgen.evidence.evaluation.documents import EvaluatedDocument
from structgen.evidence.evaluation.summary import Evaluation
from structgen.evidence.report import ShownDocument, report_page
from structgen.evidence.report.embedding import embedded, literal, shown_text
from structgen.evidence.report.paths import AnswerPaths
from structgen.evidence.source import Source
from structgen.types import Evidence

TEXTS = st.text(st.characters(exclude_categories=()))  # with unpaired surrogates
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner),
    max_leaves=10,
)
BLOCK = re.compile(r'<script type="application/json" id="([^"]+)">(.*?)</script>', re.DOTALL)


def blocks(page: str) -> dict[str, Any]:
    """Return the data of a page by the names of their blocks."""
    return {name: json.loads(text) for name, text in BLOCK.findall(page)}


@given(VALUES)
def test_embedded_json_parses_to_the_same_value(value: Any) -> None:
    """It can be written as UTF-8, and has no character that HTML or old JavaScript reads otherwise."""
    text = embedded(value)
    assert json.loads(text) == value
    assert not re.search("[<>&\u2028\u2029\x00-\x1f]", text)
    text.encode()


@given(TEXTS)
def test_shown_text_keeps_the_offsets(text: str) -> None:
    """Each code point stays or becomes one other; nothing is left that a browser shows otherwise."""
    shown = shown_text(text)
    assert len(shown) == len(text)
    shown.encode()
    assert not re.search("[\x00-\x08\x0e-\x1f\x7f\u202d\u202e]|\r(?!\n)", shown)
    for before, after in zip(text, shown, strict=True):
        assert after in (before, "\n", "\ufffd") or 0x2400 <= ord(after) <= 0x2421


@given(VALUES)
def test_literals_show_what_cannot_be_seen(value: Any) -> None:
    """They are JSON, and no mark of direction or width hides in them."""
    text = literal(value)
    assert json.loads(text) == value
    assert not re.search(
        "[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]", text
    )


@pytest.mark.parametrize("text", ["</script>", "<!--<script>", "]]>", "{{script}}", "{{data}}", "\ud800"])
def test_no_text_leaves_its_block(text: str) -> None:
    """Title, name, text, members and values, braces of the template included."""
    shown = ShownDocument(text, Source(text), {text: text})
    page = report_page(text, [shown], None)
    assert page.count("</script>") == 3
    assert "<!--" not in page
    member = shown_text(text)
    assert blocks(page)["document-0"] == {
        "id": member, "text": member, "leaves": [{"pointer": "/" + text.replace("/", "~1"), "value": literal(text)}],
    }  # fmt: skip
    page.encode()


def test_the_page_needs_no_network() -> None:
    """Nothing is allowed that is not in the file; no address stands in it."""
    page = report_page("t", [], None)
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
    assert policy
    assert policy[1].startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy[1]
    assert not re.search(r"https?://|src=|@import|url\(|style=| on[a-z]+=", page)
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function", page)


def test_pages_and_places_are_told_in_code_points() -> None:
    """The page maps them to its own units."""
    source = Source.of(("🏔 a", "b 7"))
    evidence = {"/n": Evidence("value", 6, 7, candidates=2, page=2, score=0.25, signals={"x": 1.0})}
    page = report_page("t", [ShownDocument("d", source, {"n": 7}, evidence, "odd")], None)
    assert blocks(page)["document-0"] == {
        "id": "d", "text": "🏔 a\fb 7", "pages": [0, 4], "problem": "odd",
        "leaves": [{
            "pointer": "/n", "value": "7", "kind": "value", "candidates": 2, "start": 6, "end": 7, "page": 2,
            "score": 0.25, "signals": {"x": 1.0},
        }],
    }  # fmt: skip


def test_an_evaluation_tells_gold_values_and_where_they_stand() -> None:
    """The worst document comes first; a leaf that is right needs no place of its gold value."""
    gold = {"a": "Ada", "rows": [{"n": 1}, {"n": 22}, {"n": 3}]}
    text = "Ada has 1, 22 and 3"
    right = EvaluatedDocument.of("right", text, gold, gold)
    wrong = EvaluatedDocument.of("wrong", text, gold, {"a": "Bob", "rows": [{"n": 1}, {"n": 3}]})
    page = blocks(report_page("t", [right, wrong], Evaluation("run", (right, wrong))))
    assert [entry["id"] for entry in page["index"]["documents"]] == ["wrong", "right"]
    assert page["index"]["documents"][0]["errors"] == {"/a": 1, "/rows/*/n": 1}
    assert page["index"]["summary"]["total"]["count"] == 8
    leaves = {leaf["goldPointer"]: leaf for leaf in page["document-0"]["leaves"]}
    assert leaves["/a"] == {
        "pointer": "/a", "value": '"Bob"', "gold": '"Ada"', "goldPointer": "/a", "error": "different",
        "goldStart": 0, "goldEnd": 3,
    }  # fmt: skip
    assert leaves["/rows/1/n"] == {
        "path": ["rows", -2, "n"], "gold": "22", "goldPointer": "/rows/1/n", "error": "missing",
        "goldStart": 11, "goldEnd": 13,
    }  # fmt: skip
    assert leaves["/rows/2/n"] == {
        "pointer": "/rows/1/n",
        "value": "3",
        "gold": "3",
        "goldPointer": "/rows/2/n",
    }


@pytest.mark.parametrize(
    ("gold_pointer", "path"),
    [
        pytest.param("/rows/2/tax/rate", ["rows", "1", "tax", "rate"], id="member-of-a-moved-row"),
        pytest.param("/rows/1/n", ["rows", -2, "n"], id="missing-row"),
        pytest.param("/b~1c", ["b/c"], id="member"),
        pytest.param("", [], id="root"),
    ],
)
def test_missing_leaves_stand_among_those_of_the_answer(gold_pointer: str, path: list[str | int]) -> None:
    """Rows keep their members together, whatever their index in the gold object is."""
    gold = {"rows": [{"n": "one"}, {"n": "two"}, {"n": "three", "tax": {"rate": 5}}], "b/c": 1}
    document = EvaluatedDocument.of("d", "", gold, {"rows": [{"n": "one"}, {"n": "three"}]})
    assert AnswerPaths(document.leaves).of_missing(gold_pointer) == path


def test_the_size_is_linear() -> None:
    """Twice the leaves need no more than twice the bytes."""

    def size(rows: int) -> int:
        document = ShownDocument("d", Source("x" * rows), [{"a": 100_000, "b": "text"}] * rows)
        return len(report_page("t", [document], None)) - len(report_page("t", [], None))

    assert size(2000) < 2.1 * size(1000)
    assert size(2000) < 2000 * 100
