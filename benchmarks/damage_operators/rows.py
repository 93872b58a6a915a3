"""Write a list of objects as lines, bullets or texts side by side."""

from __future__ import annotations

from random import Random

from damage_operators.base import Damage, Sample, operator, rewritten


def _rows(sample: Sample) -> list[str] | None:
    """Return the texts of a list's objects, two or more; None for any other value."""
    value = sample.value
    if (
        not isinstance(value, list)
        or len(value) < 2
        or not all(isinstance(row, dict) and row for row in value)
    ):
        return None
    return [sample.dumped(row) for row in value]


def _joined(sample: Sample, joint: str, first: str = "", last: str = "") -> Damage | None:
    rows = _rows(sample)
    return None if rows is None else rewritten(sample, first + joint.join(rows) + last)


@operator()
def json_lines(sample: Sample, random: Random) -> Damage | None:
    return _joined(sample, random.choice(["\n", "\r\n", "\n\n"]), last=random.choice(["", "\n"]))


@operator()
def objects_side_by_side(sample: Sample, random: Random) -> Damage | None:
    return _joined(sample, random.choice(["", " "]))


@operator()
def objects_with_commas(sample: Sample, random: Random) -> Damage | None:
    return _joined(sample, random.choice([",", ",\n", ", "]), last=random.choice(["", ","]))


@operator()
def objects_with_semicolons(sample: Sample, random: Random) -> Damage | None:
    return _joined(sample, random.choice([";\n", ";", "\n---\n"]))


@operator()
def objects_as_bullets(sample: Sample, random: Random) -> Damage | None:
    mark = random.choice(["- ", "* ", "• "])
    return _joined(sample, "\n" + mark, first=mark)


@operator()
def objects_numbered(sample: Sample, random: Random) -> Damage | None:
    rows = _rows(sample)
    if rows is None:
        return None
    return rewritten(sample, "\n".join(f"{index}. {row}" for index, row in enumerate(rows, 1)))


@operator()
def objects_in_fences(sample: Sample, random: Random) -> Damage | None:
    rows = _rows(sample)
    if rows is None:
        return None
    return rewritten(
        sample, "\n\n".join(f"Row {index}:\n```json\n{row}\n```" for index, row in enumerate(rows, 1))
    )


@operator(is_rare=True)
def lists_side_by_side(sample: Sample, random: Random) -> Damage | None:
    """Close and open the list again between two rows: `[{…}][{…}]`."""
    rows = _rows(sample)
    if rows is None:
        return None
    at = random.randrange(1, len(rows))
    one, other = ", ".join(rows[:at]), ", ".join(rows[at:])
    return rewritten(
        sample,
        f"[{one}]{random.choice(['', chr(10)])}[{other}]",
        plain=({(): [sample.value[:at], sample.value[at:]]},),
    )


@operator(is_rare=True)
def records_with_sequence_marks(sample: Sample, random: Random) -> Damage | None:
    """Begin every row with a record separator, as RFC 7464 does."""
    return _joined(sample, "\n\x1e", first="\x1e", last="\n")
