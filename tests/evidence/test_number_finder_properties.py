"""Any number in any notation is found at its range, and no other number is."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import assume, given
from hypothesis import strategies as st

from structgen.evidence.grounding.leaves import Leaf
from structgen.evidence.grounding.numbers import NumberFinder

SURE = 0.3
WORDS = st.lists(
    st.sampled_from(
        ["Betrag", "total", "für", "Größe", "合計", "الإجمالي", "naïve", "e\u0301t", "🙂", "(see)", "due:"]
    ),
    max_size=4,
).map(" ".join)
GAPS = st.sampled_from([" ", "\n", "\r\n", "\t"])


def grouped(whole: int, separator: str) -> str:
    return f"{whole:,}".replace(",", separator)


@st.composite
def renderings(draw: st.DrawFn) -> tuple[str, str, Decimal]:
    """Draw what surely says a number, the same within its notation, and the number."""
    whole, cents = draw(st.integers(0, 10**9)), draw(st.integers(0, 99))
    amount = Decimal(whole) + Decimal(cents) / 100
    group, point = draw(
        st.sampled_from([(",", "."), (".", ","), ("'", "."), ("\u00a0", ","), ("\u202f", ","), ("", ".")])
    )
    digits = f"{grouped(whole, group)}{point}{cents:02}"
    small = draw(st.integers(1, 999))
    share = Decimal(draw(st.integers(1, 9999))).scaleb(-1)
    forms: list[tuple[str, str, Decimal]] = [
        (digits, digits, amount),
        (digits, f"${digits}", amount),
        (digits, f"{digits} €", amount),
        (f"({digits})", f"({digits})", -amount),
        (f"(${digits})", f"(${digits})", -amount),
        (f"-{digits}", f"-{digits}", -amount),
        (f"−{digits}", f"−{digits}", -amount),
        (f"-${digits}", f"-${digits}", -amount),
        (f"-{digits}", f"$-{digits}", -amount),
        (f"{digits}-", f"{digits}-", -amount),
        (f"{digits} CR", f"{digits} CR", -amount),
        (digits, f"{digits} DR", amount),
        (str(small), f"{small}kg", Decimal(small)),
        (f"{small}k", f"{small}k", Decimal(small) * 1000),
        (f"{small} million", f"{small} million", Decimal(small) * 10**6),
        (f"{small} crore", f"₹{small} crore", Decimal(small) * 10**7),
        (f"{share}%", f"{share}%", share / 100),
        (str(share), f"{share} %", share),
        (f"{share}e-5", f"{share}e-5", share.scaleb(-5)),
        (str(small).translate({ord("0") + i: ord("０") + i for i in range(10)}),) * 2 + (Decimal(small),),
    ]
    return draw(st.sampled_from(forms))  # type: ignore[arg-type]


@given(WORDS, GAPS, renderings(), GAPS, WORDS)
def test_a_number_in_any_notation_is_found_at_its_range(
    before: str, gap: str, rendering: tuple[str, str, Decimal], later_gap: str, after: str
) -> None:
    """The range holds the sign, the brackets and the scale that belong to the number, and nothing else."""
    saying, notation, amount = rendering
    text = before + gap + notation + later_gap + after
    start = len(before) + len(gap) + notation.index(saying)
    value = int(amount) if amount == amount.to_integral_value() else float(amount)
    places = NumberFinder(text).places(Leaf((), value), 9)
    assert (start, start + len(saying)) in [
        (place.start, place.end) for place in places if place.distance < 0.45
    ]
    if amount:
        assert not [
            place for place in NumberFinder(text).places(Leaf((), -value), 9) if place.distance < SURE
        ]


@given(renderings(), st.decimals(-(10**9), 10**9, places=2))
def test_another_number_is_not_surely_said(rendering: tuple[str, str, Decimal], other: Decimal) -> None:
    """Only the number, its digits without a scale, and its per cent or share may be found."""
    _, notation, amount = rendering
    assume(all(abs(other) != abs(amount.scaleb(shift)) for shift in range(-8, 9)))
    places = NumberFinder(f"x {notation} y").places(Leaf((), float(other)), 9)
    assert not [place for place in places if place.distance < SURE and place.kind != "fuzzy"]
    for place in places:
        if place.kind == "fuzzy":
            said = abs(Decimal(str(other)) - amount)
            assert said <= Decimal("0.05") or "million" in notation or "%" in notation or "e-" in notation


@given(
    st.text(st.sampled_from("0123456789.,' -+()$€%/:kmCRIV½one \n\u00a0٣５ft"), max_size=60),
    st.one_of(
        st.integers(-9999, 9999),
        st.floats(-99, 99).map(lambda x: round(x, 2)),
        st.sampled_from(["5", "1,000", "12%"]),
    ),
)
def test_places_lie_within_any_text(text: str, value: float | str) -> None:
    """Places of any text are non-empty ranges in document order, and at most as many as asked for."""
    places = NumberFinder(text).places(Leaf((), value), 5)
    assert len(places) <= 5
    assert places == sorted(places, key=lambda place: place.start)
    for place in places:
        assert 0 <= place.start < place.end <= len(text)
        assert 0 <= place.distance < 1
        assert not text[place.start].isspace()
        assert not text[place.end - 1].isspace()
