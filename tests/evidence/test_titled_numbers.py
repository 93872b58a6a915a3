"""The title of a column, a row or a table says the unit of the bare numbers in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import structgen
from structgen.evidence.grounding.leaves import Leaf
from structgen.evidence.grounding.numbers import NumberFinder
from structgen.evidence.grounding.numbers_titles import Titles

SURE = 0.3


def sayings(text: str, value: float | str) -> list[str]:
    """Return the texts that surely say a value."""
    places = NumberFinder(text).places(Leaf((), value), 50)
    return [text[place.start : place.end] for place in places if place.distance < SURE]


@pytest.mark.parametrize(
    "title",
    [
        "%",
        "in %",
        "(%)",
        "Share (%)",
        "% of total",
        "Growth, %",
        "Percent",
        "per cent",
        "Percentage",
        "Pct.",
        "Prozent",
        "Anteil in Prozent",
        "Pourcentage",
        "en pour cent",
        "Porcentaje",
        "por ciento",
        "Percentuale",
        "per cento",
        "Procent",
        "Процент",
        "百分比",
        "パーセント",
        "퍼센트",
        "אחוזים",
        "％",
    ],
)
@pytest.mark.parametrize("delimiter", ["\t", " | ", ";", "     "])
def test_a_column_in_per_cent_says_the_fraction(title: str, delimiter: str) -> None:
    """A bare number below a title of per cent says its hundredth, in several languages and layouts."""
    rows = [("Region", title, "Count"), ("North", "12.5", "40"), ("South", "87.5", "60")]
    text = "\n".join(delimiter.join(cell.ljust(len(title) + 8) for cell in row).rstrip() for row in rows)
    assert sayings(text, 0.125) == ["12.5"]
    assert sayings(text, 12.5) == ["12.5"]
    assert sayings(text, 0.4) == []


@pytest.mark.parametrize(
    ("title", "value"),
    [
        ("Revenue (in thousands)", 12_500),
        ("in Tausend", 12_500),
        ("TEUR", 12_500),
        ("Umsatz in Tsd. EUR", 12_500),
        ("k€", 12_500),
        ("$000s", 12_500),
        ("USD '000", 12_500),
        ("en milliers", 12_500),
        ("en miles", 12_500),
        ("тыс. руб.", 12_500),
        ("金額（千円）", 12_500),
        ("Sales ($m)", 12_500_000),
        ("Mio. EUR", 12_500_000),
        ("en millions d’euros", 12_500_000),
        ("млн руб.", 12_500_000),
        ("売上高（百万円）", 12_500_000),
        ("EUR bn", 12_500_000_000),
        ("in Mrd. EUR", 12_500_000_000),
        ("₹ in lakhs", 1_250_000),
        ("₹ crore", 125_000_000),
        ("营业收入（万元）", 125_000),
        ("营业收入（亿元）", 1_250_000_000),
    ],
)
def test_a_column_with_a_scale_says_the_whole_amount(title: str, value: int) -> None:
    """A bare number below a title with thousands or millions says the amount in full, in its column alone."""
    text = f"Firm\t{title}\tStaff\nAlpha\t12.5\t12.7\nBeta\t7.5\t30\n"
    assert sayings(text, value) == ["12.5"]
    assert sayings(text, value // 125 * 127) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("Growth (%)\t12.5\t13.1", 0.131, id="title-of-a-row"),
        pytest.param("Growth (%): 13.1", 0.131, id="label"),
        pytest.param("Angaben in Prozent\nNorth\t12.5\nSouth\t13.1", 0.131, id="title-of-a-table"),
        pytest.param("in %\t2022\t2023\nSales\t12.5\t13.1", 0.131, id="corner"),
        pytest.param("\t2022\t2023\n\tTEUR\tin %\nSales\t99\t13.1", 0.131, id="second-line-of-a-header"),
        pytest.param("| A | % |\n|---|---|\n| B | 13.1 |", 0.131, id="markdown"),
        pytest.param("2022\tin %\nSales\t99\t13.1", 0.131, id="no-title-above-the-first-column"),
        pytest.param("A\tShare %\r\nB\t13.1\r\n", 0.131, id="crlf"),
        pytest.param("A\t%\nB\t-13.1", -0.131, id="negative"),
        pytest.param("A\t%\nB\t13,1", 0.131, id="decimal-comma"),
    ],
)
def test_titles_stand_where_documents_put_them(text: str, value: float) -> None:
    """A title stands above a column or a table, or before a row."""
    assert [saying.strip("-").replace(",", ".") for saying in sayings(text, value)] == ["13.1"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("Item\tVAT 19%\nA\t12.5", 0.125, id="rate-in-the-title"),
        pytest.param("Item\tVAT 19 %\nA\t12.5", 0.125, id="rate-apart"),
        pytest.param("Group\tn (%)\nA\t12", 0.12, id="counts"),
        pytest.param("Item\tin %\tPrice\nA\t5\t12.5", 0.125, id="other-column"),
        pytest.param("Item\tin %\nA\t5\n\nB\t12.5", 0.125, id="other-table"),
        pytest.param("Item\tin %\nA\t5\fB\t12.5", 0.125, id="other-page"),
        pytest.param("Item\tin %\nA\tx\t12.5\ty\tz", 0.125, id="more-cells"),
        pytest.param("Item\tin %\nA\t12.5 kg", 0.125, id="own-unit"),
        pytest.param("Item\tin %\nA\t12.5%", 0.00125, id="own-sign"),
        pytest.param("Growth (%)\t5\nPrice\t12.5", 0.125, id="other-row"),
        pytest.param("Prices rose by some per cent.\nA\t12.5", 0.125, id="sentence"),
        pytest.param("% and in thousands\tB\nx\t12.5", 0.125, id="second-column"),
        pytest.param("(in thousands, except per share)\nEarnings per share\t12.5", 12_500, id="exception"),
        pytest.param("A\t%\nGrowth (in thousands)\t12.5", 0.125, id="titles-that-differ"),
        pytest.param("in %\t2022\t2023\nSales\t5\t6", 20.22, id="years"),
    ],
)
def test_another_number_keeps_its_own_value(text: str, value: float) -> None:
    """No number outside of the titled cells, or with a unit of its own, surely says the other value."""
    assert sayings(text, value) == []


def test_evidence_is_the_cell_as_a_value() -> None:
    """Grounding gives the cell in the row of the item, with the kind `value`."""
    text = "Region   Share (%)   Sales (in thousands)\nNorth         12.5                  12.5\n"
    found = structgen.ground([{"region": "North", "share": 0.125, "sales": 12_500}], None, text)
    share, sales = found["/0/share"], found["/0/sales"]
    assert (share.kind, sales.kind) == ("value", "value")
    assert share.start == text.index("12.5")
    assert sales.start == text.rindex("12.5")


def test_a_string_with_the_sign_is_as_sure_as_with_the_title() -> None:
    """`12.5%` is surely said by 12.5 where the title says per cent, and less surely elsewhere."""
    (titled,) = NumberFinder("A\tin %\nB\t12.5").places(Leaf((), "12.5%"), 9)
    (plain,) = NumberFinder("A\tB\nB\t12.5").places(Leaf((), "12.5%"), 9)
    assert titled.distance < plain.distance


TITLE = st.sampled_from(["Name", "in %", "TEUR", "Sales", "(in millions)", "Share (%)", "2023", ""])
CELL = st.sampled_from(["12.5", "7", "(3.1)", "2023", "x", "", "12 %", "5 kg"])


@given(
    st.lists(TITLE, min_size=1, max_size=4),
    st.lists(st.lists(CELL, min_size=1, max_size=5), max_size=6),
    st.sampled_from(["\t", "|", "   ", ";"]),
)
def test_only_bare_numbers_have_the_power_of_a_title(
    titles: list[str], rows: list[list[str]], delimiter: str
) -> None:
    """Whatever the table, a power is that of one of its titles, and the cell is a bare number."""
    text = "\n".join(delimiter.join(line) for line in [titles, *rows])
    powers = {"in %": -2, "Share (%)": -2, "TEUR": 3, "(in millions)": 6}
    found = Titles(text)
    for offset in range(len(text)):
        if (power := found.power(offset)) is not None:
            assert power in {powers.get(title) for title in titles}
            assert text[offset] in "0123456789.()"


@given(st.text(alphabet="%1 2.\t\n\r\f|;:in-TEUR()kmxÀ円千", max_size=80))
def test_any_text_is_read(text: str) -> None:
    """No text breaks the reading of titles."""
    found = Titles(text)
    assert all(found.power(offset) in (None, -2, 3, 4, 6, 8) for offset in range(len(text)))
