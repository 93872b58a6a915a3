"""Numbered lists of DOCX keep the numbers that a person sees."""

from __future__ import annotations

import io
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import given
from hypothesis import strategies as st

from structgen.files.docx_numbering import ListNumbers
from structgen.files.read import read_file

KINDS = ("decimal", "lowerLetter", "lowerRoman")
TEXTS = ("%1.", "%1.%2)", "(%3)")


def numbered(
    document: Any, name: int, levels: list[tuple[str, str, int]], starts: dict[int, int] | None = None
) -> None:
    """Add an abstract list with levels of kind, text and start, and a list of it."""
    numbering = document.part.numbering_part.element
    inner = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="{start}"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for depth, (kind, text, start) in enumerate(levels)
    )
    overrides = "".join(
        f'<w:lvlOverride w:ilvl="{depth}"><w:startOverride w:val="{start}"/></w:lvlOverride>'
        for depth, start in (starts or {}).items()
    )
    abstract = f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{name}">{inner}</w:abstractNum>'
    numbering.insert(0, parse_xml(abstract))
    link = f'<w:abstractNumId w:val="{name}"/>'
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="{name}">{link}{overrides}</w:num>'))


def item(document: Any, text: str, name: int, depth: int = 0) -> None:
    """Add a paragraph of a list."""
    properties = document.add_paragraph(text)._p.get_or_add_pPr()
    inner = f'<w:ilvl w:val="{depth}"/><w:numId w:val="{name}"/>'
    properties.append(parse_xml(f"<w:numPr {nsdecls('w')}>{inner}</w:numPr>"))


def lines(document: Any) -> list[str]:
    """Return the lines of what is read of a document."""
    file = io.BytesIO()
    document.save(file)
    return [line for line in read_file(file.getvalue()).text.split("\n") if line]


def test_levels_count_and_begin_anew_below_each_item() -> None:
    """The number of a level may have those of the levels above."""
    document = docx.Document()
    numbered(document, 90, [(kind, text, 1) for kind, text in zip(KINDS, TEXTS, strict=True)])
    for text, depth in [("a", 0), ("b", 1), ("c", 1), ("d", 2), ("e", 0), ("f", 1), ("g", 2)]:
        item(document, text, 90, depth)
    assert lines(document) == ["1. a", "1.a) b", "1.b) c", "(i) d", "2. e", "2.a) f", "(i) g"]


def test_a_list_goes_on_after_other_paragraphs_and_another_begins_anew() -> None:
    """As the file says where each list begins."""
    document = docx.Document()
    numbered(document, 90, [("decimal", "%1.", 1)])
    numbered(document, 91, [("upperRoman", "%1", 4)])
    item(document, "a", 90)
    document.add_paragraph("between")
    item(document, "b", 90)
    item(document, "c", 91)
    item(document, "d", 91)
    assert lines(document) == ["1. a", "between", "2. b", "IV c", "V d"]


def test_two_lists_of_one_kind_count_on_unless_one_says_its_start() -> None:
    """That is how Word restarts a list."""
    document = docx.Document()
    numbered(document, 90, [("decimal", "%1)", 1)])
    numbering = document.part.numbering_part.element
    restart = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/></w:lvlOverride>'
    link = '<w:abstractNumId w:val="90"/>'
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="95">{link}{restart}</w:num>'))
    for text, name in [("a", 90), ("b", 90), ("c", 95), ("d", 95)]:
        item(document, text, name)
    assert lines(document) == ["1) a", "2) b", "7) c", "8) d"]


def test_styles_give_numbers_and_bullets_give_none() -> None:
    """Word's own styles for lists, also for a style that is based on one."""
    document = docx.Document()
    style = document.styles.add_style("Mine", 1)
    style.base_style = document.styles["List Number"]
    for text, name in [("a", "List Number"), ("b", "Mine"), ("c", "List Bullet"), ("d", "List Number")]:
        document.add_paragraph(text, style=name)
    assert lines(document) == ["1. a", "2. b", "c", "3. d"]


def test_cells_of_tables_have_their_numbers() -> None:
    """In the order of the document."""
    document = docx.Document()
    table = document.add_table(2, 2)
    for row, texts in zip(table.rows, [("a", "b"), ("c", "d")], strict=True):
        row.cells[0].paragraphs[0].text, row.cells[1].paragraphs[0].text = texts
        row.cells[0].paragraphs[0].style = document.styles["List Number"]
    assert lines(document) == ["1. a\tb", "2. c\td"]


@pytest.mark.parametrize(
    ("number", "kind", "written"),
    [
        (28, "lowerLetter", "bb"), (26, "upperLetter", "Z"), (1994, "upperRoman", "MCMXCIV"), (9, "decimalZero", "09"),
        (3, "ordinal", "3"), (0, "lowerRoman", "0"), (5000, "upperRoman", "5000"),
    ],
)  # fmt: skip
def test_numbers_are_written_as_word_does(number: int, kind: str, written: str) -> None:
    """A kind that is not known is written in digits."""
    document = docx.Document()
    numbered(document, 90, [(kind, "%1", number)])
    item(document, "x", 90)
    assert lines(document) == [f"{written} x"]


@given(st.text("0123456789abc%-", max_size=6), st.text("0123456789-", max_size=12))
def test_numberings_that_make_no_sense_do_no_harm(text: str, start: str) -> None:
    """A paragraph without a usable number has none."""
    space = nsdecls("w")
    level = f'<w:lvl w:ilvl="0"><w:start w:val="{start}"/><w:lvlText w:val="{text}"/></w:lvl>'
    abstract = f'<w:abstractNum w:abstractNumId="1">{level}</w:abstractNum>'
    numbering = parse_xml(
        f'<w:numbering {space}>{abstract}<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num><w:num/></w:numbering>'
    )
    paragraph = parse_xml(
        f'<w:p {space}><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="2"/></w:numPr></w:pPr></w:p>'
    )
    numbers = ListNumbers.of(numbering, None)
    assert all(isinstance(numbers.before(paragraph), str) for _ in range(3))
    assert ListNumbers.of(None, None).before(paragraph) == ""
