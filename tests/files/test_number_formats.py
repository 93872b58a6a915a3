"""Cells of XLSX are read as they are shown: thousands, per cent, currencies, dates."""

from __future__ import annotations

from datetime import date, datetime, time
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_files import _XMLNS, cell, workbook

from structgen.files import cell_formats
from structgen.files.number_formats import shown_date, shown_number
from structgen.files.read import read_file

NUMBERS = [
    (1234.5, "#,##0.00", "1,234.50"),
    (0.125, "0%", "13%"),
    (0.1256, "0.0%", "12.6%"),
    (-1234.5, "#,##0.00;(#,##0.00)", "(1,234.50)"),
    (-3, "$#,##0_);[Red]($#,##0)", "($3)"),
    (1234.5, "[$€-407] #,##0.00", "€ 1,234.50"),
    (1234.5, '#,##0.00\\ "EUR"', "1,234.50 EUR"),
    (-12, '#,##0.00 "kr"', "-12.00 kr"),
    (5, '"No. "000', "No. 005"),
    (0, '0;-0;"-"', "-"),
    (1234567, '0.0,,"M"', "1.2M"),
    (12, '_-* #,##0.00\\ "€"_-', "12.00 €"),
    (1.5, "0.0#", "1.5"),
    (2.5, "0", "3"),
    (3, "# ?/?", None),
    (0.1, "0.00E+00", None),
    (3, "@", None),
    (3, "General", None),
    (3, None, None),
]
MOMENT = datetime(2026, 3, 5, 14, 7, 9)
DATES = [
    (MOMENT, "dd.mm.yyyy", "05.03.2026"),
    (MOMENT, "d/m/yy", "5/3/26"),
    (MOMENT, "yyyy-mm-dd hh:mm", "2026-03-05 14:07"),
    (MOMENT, "h:mm AM/PM", "2:07 PM"),
    (MOMENT, "mmmm d, yyyy", "March 5, 2026"),
    (MOMENT, "[$-409]ddd dd\\-mmm\\-yy", "Thu 05-Mar-26"),
    (MOMENT, "mm:ss", "07:09"),
    (MOMENT, "[h]:mm", None),
    (date(2026, 3, 5), 'd". "mmmm', "5. March"),
    (time(14, 7), "hh:mm", "14:07"),
    (time(14, 7), "dd.mm", None),
    (MOMENT, None, None),
]


@pytest.mark.parametrize(("value", "code", "shown"), NUMBERS)
def test_a_number_is_shown_by_its_format(value: float, code: str | None, shown: str | None) -> None:
    """A format that is not known shows nothing: the value is written as it is stored."""
    assert shown_number(value, code) == shown


@pytest.mark.parametrize(("value", "code", "shown"), DATES)
def test_a_date_is_shown_by_its_format(value: date | time, code: str | None, shown: str | None) -> None:
    """`m` is a minute beside hours or seconds, else a month; durations are left as they are."""
    assert shown_date(value, code) == shown


@given(st.floats(allow_nan=False) | st.integers(), st.text('0#?,.;%"\\_*[]$€-() @EMydhs/', max_size=30))
def test_any_format_shows_a_text_or_nothing(value: float, code: str) -> None:
    """No format of a file stops the reading."""
    assert shown_number(value, code) is None or isinstance(shown_number(value, code), str)
    assert shown_date(MOMENT, code) is None or isinstance(shown_date(MOMENT, code), str)


@given(st.decimals(-999999, 999999, places=2))
def test_a_number_with_thousands_keeps_its_digits(value: object) -> None:
    """Only signs that group are added."""
    shown = shown_number(float(str(value)), "#,##0.00")
    assert shown is not None
    assert float(shown.replace(",", "")) == float(str(value))


def styled(*codes: str) -> str:
    """Return the XML of styles with these formats, from style 1 on."""
    formats = "".join(
        f'<numFmt numFmtId="{164 + number}" formatCode={quoteattr(code)}/>'
        for number, code in enumerate(codes)
    )
    styles = "".join(f'<xf numFmtId="{164 + number}"/>' for number in range(len(codes)))
    return (
        f"<styleSheet {_XMLNS}><numFmts>{formats}</numFmts><cellStyleXfs><xf numFmtId='9'/></cellStyleXfs>"
        f"<cellXfs><xf numFmtId='0'/>{styles}<xf numFmtId='10'/></cellXfs></styleSheet>"
    )


def test_cells_of_a_workbook_are_written_as_a_person_sees_them() -> None:
    """Each cell by its own style; a sheet may begin anywhere."""
    styles = styled("#,##0.00", "dd.mm.yyyy", '"€" #,##0')
    body = (
        f"<row r='3'>{cell('B3', 'Rent')}{cell('C3', 1234.5, 1)}{cell('D3', 45000, 2)}{cell('E3', 1200.0, 3)}"
        f"{cell('F3', 0.125, 4)}{cell('G3', 0.5)}</row><row r='5'>{cell('C5', 7.25, 1)}{cell('D5', 7.25)}</row>"
    )
    source = read_file(
        workbook({"A": body, "B": f"<row r='1'>{cell('A1', 3.0, 1)}</row>"}, **{"xl/styles.xml": styles})
    )
    assert source.text.split("\f") == [
        "A\n\n\nRent\t1,234.50\t15.03.2023\t€ 1,200\t12.50%\t0.5\n\n\t7.25\t7.25\n",
        "B\n3.00\n",
    ]


def test_formats_that_cannot_be_read_are_no_reason_to_refuse_a_workbook() -> None:
    """Its values are written as they are stored; entities are never expanded."""
    body = f"<row r='1'>{cell('A1', 1234.5, 1)}</row>"
    styles = '<!DOCTYPE a [<!ENTITY b "c">]>' + styled("#,##0.00")
    assert read_file(workbook({"A": body}, **{"xl/styles.xml": styles}), "a.xlsx").text == "A\n1234.5\n"


def test_a_large_sheet_has_its_values_as_they_are_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    """And a warning that says so."""
    monkeypatch.setattr(cell_formats, "MAX_SHEET", 10)
    body = f"<row r='1'>{cell('A1', 1234.5, 1)}</row>"
    source = read_file(workbook({"A": body}, **{"xl/styles.xml": styled("#,##0.00")}))
    assert source.text == "A\n1234.5\n"
    assert [(each.code, "'A'" in each.message) for each in source.warnings] == [("unread-part", True)]
