"""Put comments between tokens."""

from __future__ import annotations

from random import Random

from damage_operators.base import Damage, Edit, Sample, Token, around, chosen, inserted, operator

_NOTES = [
    "the name as given",
    'was: "old", 3',
    "TODO: check [1]",
    "don't change",
    "e.g. {x}",
    'see "name": "value"',
    "total, without tax",
    "https://example.org/a",
]
_MEMBERS = ['"old": 1,', '"removed": {"x": [1, 2]},', "{", '"status": "open"', "}, {"]


def _gaps(sample: Sample) -> list[int]:
    """Return the ends of all tokens after which a comma or bracket does not follow in the same line."""
    return [token.end for token in sample.tokens[:-1] if token.kind in ("{", "[", ",", ":")]


def _line_ends(sample: Sample) -> list[int]:
    return [token.end for token in sample.of("{", "[", ",")]


@operator()
def line_comment(sample: Sample, random: Random) -> Damage | None:
    return inserted(random.choice(_line_ends(sample)), f" // {random.choice(_NOTES)}\n")


@operator()
def line_comment_before_a_comma(sample: Sample, random: Random) -> Damage | None:
    tokens = [token for token in sample.tokens if token.is_value]
    token = chosen(random, tokens)
    return inserted(token.end, f" // {random.choice(_NOTES)}\n") if token else None


@operator()
def hash_comment(sample: Sample, random: Random) -> Damage | None:
    return inserted(random.choice(_line_ends(sample)), f" # {random.choice(_NOTES)}\n")


@operator()
def hash_comment_before_a_comma(sample: Sample, random: Random) -> Damage | None:
    token = chosen(random, [token for token in sample.tokens if token.is_value])
    return inserted(token.end, f"  # {random.choice(_NOTES)}\n") if token else None


@operator()
def block_comment(sample: Sample, random: Random) -> Damage | None:
    token = random.choice(sample.tokens)
    return inserted(
        token.start, random.choice(["/* {} */", "/*{}*/ ", "/** {} */\n"]).format(random.choice(_NOTES))
    )


@operator()
def block_comment_of_lines(sample: Sample, random: Random) -> Damage | None:
    note = f"/*\n * {random.choice(_NOTES)}\n * {random.choice(_NOTES)}\n */\n"
    return inserted(random.choice(_gaps(sample)), note)


@operator(is_rare=True)
def block_comments_everywhere(sample: Sample, random: Random) -> Damage | None:
    return Damage(tuple(Edit(t.start, t.start, f"/*{random.choice(_NOTES)}*/") for t in sample.tokens))


@operator()
def members_commented_out(sample: Sample, random: Random) -> Damage | None:
    """Put lines with commented-out members where a line ends."""
    token: Token = random.choice(sample.of("{", ",", "["))
    mark = random.choice(["//", "//", "#"])
    return inserted(token.end, f"\n  {mark} {random.choice(_MEMBERS)}\n  ")


@operator(is_rare=True)
def html_comment(sample: Sample, random: Random) -> Damage | None:
    return inserted(random.choice(_gaps(sample)), f"<!-- {random.choice(_NOTES)} -->")


@operator()
def comment_before_the_text(sample: Sample, random: Random) -> Damage | None:
    note = random.choice(_NOTES)
    return around(sample, random.choice([f"// {note}\n", f"/* {note} */\n", f"# {note}\n"]))


@operator()
def comment_after_the_text(sample: Sample, random: Random) -> Damage | None:
    note = random.choice(_NOTES)
    return around(sample, "", random.choice([f" // {note}", f"\n/* {note} */", f"\n# {note}"]))


@operator()
def comment_after_the_text_unclosed(sample: Sample, random: Random) -> Damage | None:
    return around(sample, "", f" /* {random.choice(_NOTES)}")


@operator()
def parenthesis_after_a_value(sample: Sample, random: Random) -> Damage | None:
    """Explain a string in parentheses behind its closing quote."""
    pairs = zip(sample.tokens, sample.tokens[1:], strict=False)
    token = chosen(random, [one for one, other in pairs if one in sample.strings and other.kind in ",}]"])
    if token is None:
        return None
    note = random.choice([" (estimated)", " (see the note)", " (unknown)", " (as of today)"])
    return inserted(token.end, note)
