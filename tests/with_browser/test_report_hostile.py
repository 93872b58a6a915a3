"""The report's page in Chromium: no text of a document becomes markup or script."""

from __future__ import annotations

from typing import Any

import pytest

from structgen.evidence.evaluation.documents import EvaluatedDocument
from structgen.evidence.evaluation.summary import Evaluation
from structgen.evidence.report import report_page
from structgen.types import Evidence

HOSTILE = {
    "end-tag": "</script><script>alert(1)</script>",
    "comment": "<!-- <script> --><img src=x onerror=alert(1)>",
    "markup": "<img src=x onerror=alert(1)>&lt;b&gt;{{script}}",
    "separators": "a\u2028b\u2029c\x00d\x1be\x85f",
    "bidi": "total \u202e001\u202c \u2066x\u2069 \u200f",
    "surrogates": "a\ud83d\ude00b\udc00\ud800c",
    "url": "javascript:alert(1)#document=1&leaf=%00%ff",
    "astral": "👩‍👩‍👧 e\u0301 \U0001d11e",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_only_text(open_page: Any, text: str) -> None:
    """Title, id, names of members, values, gold values, the text itself and the problem."""
    gold, data = {text: f"gold {text}", "b": 1}, {text: text, "b": 2}
    pointer = "/" + text.replace("~", "~0").replace("/", "~1")
    evidence = {pointer: Evidence("exact", 2, 2 + len(text), candidates=1)}
    document = EvaluatedDocument.of(text, f"𝄞 {text}\r\nend", gold, data, evidence=evidence, problem=text)
    page = open_page(
        report_page(text, [document], Evaluation(text, (document,))), fragment="#document=x&leaf=%zz"
    )
    page.keyboard.press("Home")
    assert page.locator("script").count() == 3
    assert page.locator("img, b").count() == 0
    length = page.evaluate("[...[...CSS.highlights.get('selected')][0].startContainer.data].length")
    assert length == len(f"𝄞 {text}\r\nend")
    marked = page.evaluate("""() => { const place = [...CSS.highlights.get("selected")][0];
      return [...place.startContainer.data.slice(place.startOffset, place.endOffset)].length; }""")
    assert marked == len(text)


def test_the_policy_blocks_what_an_injection_would_need(open_page: Any) -> None:
    """Scripts that the page does not name do not run, and markup cannot be written from strings."""
    injected = "<script>window.injected = 1</script>"
    html = report_page("t", [], None).replace("</body>", f"{injected}</body>")
    page = open_page(html, blocked="Content Security Policy")
    assert page.evaluate("window.injected") is None
    page = open_page(report_page("t", [], None), blocked="TrustedHTML")
    assert (
        page.evaluate("""() => {
      try { document.body.innerHTML = "<b>x</b>"; return "written"; }
      catch (error) { return error.name; }
    }""")
        == "TypeError"
    )
