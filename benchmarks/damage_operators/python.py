"""Write a value as Python programs print it."""

from __future__ import annotations

from random import Random
from typing import Any

from damage_operators.base import Damage, Edit, Sample, are_names, chosen, operator, rewritten


def _has(value: Any, kind: type) -> bool:
    if isinstance(value, kind):
        return True
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(_has(part, kind) for part in parts)


@operator()
def python_repr(sample: Sample, random: Random) -> Damage | None:
    return rewritten(sample, repr(sample.value)) if sample.keys else None


@operator()
def python_tuples(sample: Sample, random: Random) -> Damage | None:
    def tuples(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: tuples(part) for key, part in value.items()}
        return tuple(map(tuples, value)) if isinstance(value, list) else value

    if not _has(sample.value, list):
        return None
    return rewritten(sample, repr(tuples(sample.value)))


@operator()
def python_sets(sample: Sample, random: Random) -> Damage | None:
    """Write the arrays of distinct strings as sets, in their own order."""
    found = False

    def sets(value: Any) -> str:
        nonlocal found
        if isinstance(value, dict):
            return "{" + ", ".join(f"{key!r}: {sets(part)}" for key, part in value.items()) + "}"
        if isinstance(value, list):
            is_set = (
                bool(value) and all(isinstance(part, str) for part in value) and len(set(value)) == len(value)
            )
            found = found or is_set
            items = ", ".join(map(sets, value))
            return "{" + items + "}" if is_set else f"[{items}]"
        return repr(value)

    text = sets(sample.value)
    return rewritten(sample, text) if found else None


@operator()
def python_constructor(sample: Sample, random: Random) -> Damage | None:
    """Write objects as the calls that a data class or Pydantic model prints."""
    if not are_names(sample.value) or not isinstance(sample.value, dict) or not sample.value:
        return None
    names = iter(["Record", "Item", "Part", "Entry", "Detail"] * 200)

    def call(value: Any) -> str:
        if isinstance(value, dict) and value:
            return f"{next(names)}(" + ", ".join(f"{key}={call(part)}" for key, part in value.items()) + ")"
        return "[" + ", ".join(map(call, value)) + "]" if isinstance(value, list) else repr(value)

    return rewritten(sample, call(sample.value))


@operator(is_rare=True)
def python_scalar_calls(sample: Sample, random: Random) -> Damage | None:
    """Write numbers as calls: `Decimal('1.5')`, `np.float64(1.5)`."""
    token = chosen(random, sample.of("number"))
    if token is None:
        return None
    call = random.choice(
        ["Decimal('{}')", "np.float64({})", "np.int64({})", "NumberLong({})", "NumberInt({})", "int({})"]
    )
    as_text = ({token.path: sample.raw(token)},) if "'" in call else ()
    return Damage((Edit(token.start, token.end, call.format(sample.raw(token))),), plain=as_text)


@operator(is_rare=True)
def scalar_text_calls(sample: Sample, random: Random) -> Damage | None:
    """Write a string as a call: `ObjectId("…")`, `new Date("…")`."""
    token = chosen(random, [t for t in sample.strings if t.end - t.start > 2])
    if token is None:
        return None
    call = random.choice(["ObjectId({})", "ISODate({})", "new Date({})", "UUID({})", "str({})", "Symbol({})"])
    return Damage((Edit(token.start, token.end, call.format(sample.raw(token))),))


@operator()
def python_string_prefix(sample: Sample, random: Random) -> Damage | None:
    token = chosen(random, [t for t in [*sample.strings, *sample.keys] if "\\" not in sample.raw(t)])
    return Damage((Edit(token.start, token.start, random.choice("ubrUBR")),)) if token else None


@operator(is_rare=True)
def python_two_repr(sample: Sample, random: Random) -> Damage | None:
    """Write every string as Python 2 does: `u'…'`."""
    tokens = [*sample.keys, *sample.strings]
    if not tokens or any("'" in sample.raw(t) or "\\" in sample.raw(t) for t in tokens):
        return None
    edits = [Edit(t.start, t.end, f"u'{sample.raw(t)[1:-1]}'") for t in tokens]
    words = {"true": "True", "false": "False", "null": "None"}
    edits += [Edit(t.start, t.end, words[sample.raw(t)]) for t in sample.of("literal")]
    return Damage(tuple(edits))


@operator(is_rare=True)
def ordered_dict(sample: Sample, random: Random) -> Damage | None:
    """Write the outermost object as `OrderedDict` does."""
    if not isinstance(sample.value, dict) or not sample.value:
        return None
    if random.random() < 0.5:
        return rewritten(sample, f"OrderedDict({sample.value!r})")
    return rewritten(sample, f"OrderedDict({list(sample.value.items())!r})")
