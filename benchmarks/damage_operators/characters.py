"""Put unusual characters between tokens, or in the place of marks, and prefixes before lines."""

from __future__ import annotations

from random import Random

from damage_operators.base import Damage, Edit, Sample, around, inserted, operator, rewritten

_FULL_WIDTH = {"{": "｛", "}": "｝", "[": "［", "]": "］", ",": "，", ":": "："}
_SPACES = [
    "\u00a0",
    "\u3000",
    "\u2003",
    "\u200b",
    "\ufeff",
    "\u2028",
    "\u2060",
    "\u202f",
    "\x0b",
    "\x0c",
    "\u200e",
]


@operator()
def byte_order_mark(sample: Sample, random: Random) -> Damage | None:
    return around(sample, "\ufeff")


@operator()
def odd_space_between_tokens(sample: Sample, random: Random) -> Damage | None:
    return inserted(random.choice(sample.tokens).start, random.choice(_SPACES))


@operator(is_rare=True)
def odd_spaces_everywhere(sample: Sample, random: Random) -> Damage | None:
    space = random.choice(_SPACES)
    return Damage(tuple(Edit(token.start, token.start, space) for token in sample.tokens))


@operator()
def no_break_indentation(sample: Sample, random: Random) -> Damage | None:
    """Indent with no-break spaces, as texts from web pages do."""
    lines = sample.text.split("\n")
    if not any(line.startswith(" ") for line in lines):
        return None
    indented = [line.lstrip(" ").rjust(len(line), "\u00a0") for line in lines]
    return rewritten(sample, "\n".join(indented))


@operator(is_rare=True)
def null_byte_between_tokens(sample: Sample, random: Random) -> Damage | None:
    return inserted(random.choice(sample.tokens).start, "\x00")


@operator()
def mark_full_width(sample: Sample, random: Random) -> Damage | None:
    token = random.choice(sample.of(*_FULL_WIDTH))
    return Damage((Edit(token.start, token.end, _FULL_WIDTH[token.kind]),))


@operator(is_rare=True)
def marks_full_width(sample: Sample, random: Random) -> Damage | None:
    """Write every mark in full width, quotes too."""
    texts = [*sample.keys, *sample.strings]
    if any("＂" in sample.raw(token) or "\\" in sample.raw(token) for token in texts):
        return None
    edits = [Edit(t.start, t.end, _FULL_WIDTH[t.kind]) for t in sample.of(*_FULL_WIDTH)]
    if random.random() < 0.5:
        edits += [Edit(t.start, t.end, f"＂{sample.raw(t)[1:-1]}＂") for t in texts]
    return Damage(tuple(edits))


@operator(is_rare=True)
def terminal_colours(sample: Sample, random: Random) -> Damage | None:
    """Put a terminal's colour codes around keys and values."""
    tokens = [*sample.keys, *sample.strings, *sample.of("number", "literal")]
    if not tokens:
        return None
    colours = {token: f"\x1b[{random.choice(['32', '1;34', '0;33'])}m" for token in tokens}
    edits = [Edit(t.start, t.end, f"{code}{sample.raw(t)}\x1b[0m") for t, code in colours.items()]
    return Damage(tuple(edits))


def _prefixed(sample: Sample, prefix: str) -> Damage | None:
    if "\n" not in sample.text:
        return None
    return rewritten(sample, "\n".join(prefix + line for line in sample.text.split("\n")))


@operator(is_rare=True)
def lines_quoted(sample: Sample, random: Random) -> Damage | None:
    return _prefixed(sample, "> ")


@operator(is_rare=True)
def lines_of_a_patch(sample: Sample, random: Random) -> Damage | None:
    return _prefixed(sample, "+")


@operator(is_rare=True)
def lines_commented_out(sample: Sample, random: Random) -> Damage | None:
    return _prefixed(sample, random.choice(["// ", "# ", "//"]))


@operator(is_rare=True)
def lines_in_a_frame(sample: Sample, random: Random) -> Damage | None:
    return _prefixed(sample, "| ")


@operator(is_rare=True)
def lines_numbered(sample: Sample, random: Random) -> Damage | None:
    if "\n" not in sample.text:
        return None
    form = random.choice(["{:>3} ", "{}: ", "{:>4}| ", "{}\t", "{:>3}. "])
    lines = sample.text.split("\n")
    return rewritten(sample, "\n".join(form.format(index) + line for index, line in enumerate(lines, 1)))


@operator()
def lines_wrapped(sample: Sample, random: Random) -> Damage | None:
    """Break long lines at a space, those within strings too; a reader may keep the break or the space."""
    changes_broken = {}
    edits = []
    for token in sample.strings:
        raw = sample.raw(token)
        if len(raw) > 40 and " " in raw[20:-2] and "\\" not in raw:
            at = raw.index(" ", 20)
            if at < len(raw) - 2:
                edits.append(Edit(token.start + at, token.start + at + 1, "\n"))
                changes_broken[token.path] = raw[1:at] + "\n" + raw[at + 1 : -1]
    return Damage(tuple(edits), meant=({}, changes_broken)) if edits else None
