"""Put prose and Markdown around a text."""

from __future__ import annotations

from random import Random

from damage_operators.base import Damage, Sample, around, operator, rewritten

_BEFORE = [
    "Here is the JSON you asked for:",
    "Sure! I've extracted the data.",
    "The customer's record (as JSON):",
    "Based on the document, the answer is as follows.",
    "Okay, let's see: the text names 3 items.",
]


_AFTER = [
    "Let me know if you need anything else!",
    "Note: I've left out what the text doesn't say.",
    "I hope this helps :)",
    "The total is an estimate, e.g. 5%.",
]


_BRACKETS = [
    'I used {name} and {date} from the template; see [1] and the "id" field:',
    "The function f(x[0]) returns {a, b}.",
    "As the page says [source](https://example.org/a?b=[c]), this is it:",
    "- [x] name\n- [ ] date\n\nDone:",
    'The placeholder "{}" is replaced:',
    "An interval [0, 1) and a set {x | x > 0}:",
    "In LaTeX, \\frac{a}{b}. The result:",
    "Smileys :-{ and :-] aside:",
]


_LISTS = [
    'Given ["a","b"], the answer is:',
    "The options are ['x', 'y', 'z'].",
    'Allowed values: ["open", "closed", "unknown"]. I chose as follows:',
    "Of the rows [1, 2, 3] this is one:",
]


@operator()
def prose_before(sample: Sample, random: Random) -> Damage | None:
    return around(sample, random.choice(_BEFORE) + random.choice(["\n", "\n\n", " "]))


@operator()
def prose_after(sample: Sample, random: Random) -> Damage | None:
    return around(sample, "", random.choice(["\n", "\n\n", " "]) + random.choice(_AFTER))


@operator()
def prose_around(sample: Sample, random: Random) -> Damage | None:
    return around(sample, random.choice(_BEFORE) + "\n\n", "\n\n" + random.choice(_AFTER))


@operator()
def prose_with_brackets_before(sample: Sample, random: Random) -> Damage | None:
    return around(sample, random.choice(_BRACKETS) + random.choice(["\n", "\n\n", " "]))


@operator()
def prose_with_brackets_after(sample: Sample, random: Random) -> Damage | None:
    return around(sample, "", random.choice(["\n", "\n\n"]) + random.choice(_BRACKETS).rstrip(":"))


@operator()
def prose_with_a_list_before(sample: Sample, random: Random) -> Damage | None:
    """Name a list in the prose before an object of two members or more."""
    if not isinstance(sample.value, dict) or len(sample.value) < 2:
        return None
    return around(sample, random.choice(_LISTS) + random.choice(["\n", "\n\n", " "]))


@operator()
def prose_with_quotes_before(sample: Sample, random: Random) -> Damage | None:
    text = random.choice(
        [
            'The "name" and the "date" are given: ',
            "It's the customer's “order”:\n",
            'Key "a": see below.\n',
            '5" wide, so:\n',
        ]
    )
    return around(sample, text)


@operator(needs_schema=True)
def prose_with_an_example_object(sample: Sample, random: Random) -> Damage | None:
    """Quote another object in the prose, which the schema refuses."""
    if not sample.schema.violations({"key": "value"}):
        return None
    return around(sample, 'In the form {"key": "value"}, the answer is:\n')


def _fence(sample: Sample, random: Random, opening: str, closing: str) -> Damage:
    return around(sample, opening + "\n", "\n" + closing)


@operator()
def fence(sample: Sample, random: Random) -> Damage | None:
    return _fence(
        sample, random, random.choice(["```json", "```", "```JSON", "~~~json", "```javascript"]), "```"
    )


@operator()
def fence_in_prose(sample: Sample, random: Random) -> Damage | None:
    before, after = random.choice([*_BEFORE, *_BRACKETS]), random.choice(_AFTER)
    return around(sample, f"{before}\n\n```json\n", f"\n```\n\n{after}")


@operator()
def fence_unclosed(sample: Sample, random: Random) -> Damage | None:
    return around(sample, "```json\n")


@operator()
def fence_unopened(sample: Sample, random: Random) -> Damage | None:
    return around(sample, random.choice(["", "json\n"]), "\n```")


@operator()
def fence_on_one_line(sample: Sample, random: Random) -> Damage | None:
    return around(
        sample,
        *random.choice([("```json ", " ```"), ("```", "```"), ("`", "`"), ("`json ", "`"), ("``", "``")]),
    )


@operator()
def fence_indented(sample: Sample, random: Random) -> Damage | None:
    lines = sample.text.split("\n")
    body = "\n".join(f"   {line}" for line in lines)
    return rewritten(sample, f"1. The record:\n\n   ```json\n{body}\n   ```\n\n2. Done.")
