"""Put prose, fences, tags and calls around a text."""

from __future__ import annotations

import json
from random import Random

from damage_operators.base import Damage, Edit, Sample, around, operator, rewritten

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
_TOKENS = [
    "<|im_end|>",
    "</s>",
    "<|eot_id|>",
    "<|end|>",
    "<end_of_turn>",
    "<|endoftext|>",
    "[/INST]",
    "<|call|>",
    "<|return|>",
]
_STARTS = [
    "<|assistant|>",
    "[TOOL_CALLS]",
    "<|python_tag|>",
    "<|im_start|>assistant\n",
    "<|channel|>final<|message|>",
    "<s>",
]
_TAGS = ["json", "answer", "output", "tool_call", "result", "pre", "final"]
_THOUGHTS = [
    "The user wants the fields. Let me read the text.",
    'The name is "Ann", so {"name": "Ann"} would be a start. But wait, [1, 2]?',
    "First, I'd check the list:\n- one\n- two\nThen write {...}.",
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


@operator()
def special_token_after(sample: Sample, random: Random) -> Damage | None:
    return around(sample, "", random.choice(["", "\n"]) + random.choice(_TOKENS))


@operator()
def special_token_before(sample: Sample, random: Random) -> Damage | None:
    return around(sample, random.choice(_STARTS))


@operator()
def special_token_for_the_last_brackets(sample: Sample, random: Random) -> Damage | None:
    last = sample.tokens[-1]
    return Damage((Edit(last.start, last.end, random.choice(_TOKENS)),)) if sample.value else None


@operator()
def tags_around(sample: Sample, random: Random) -> Damage | None:
    tag, gap = random.choice(_TAGS), random.choice(["", "\n"])
    return around(sample, f"<{tag}>{gap}", f"{gap}</{tag}>")


@operator()
def tag_unclosed(sample: Sample, random: Random) -> Damage | None:
    return around(sample, f"<{random.choice(_TAGS)}>\n")


@operator()
def thought_before(sample: Sample, random: Random) -> Damage | None:
    tag = random.choice(["think", "thinking", "reasoning"])
    return around(sample, f"<{tag}>\n{random.choice(_THOUGHTS)}\n</{tag}>\n\n")


@operator()
def thought_unopened(sample: Sample, random: Random) -> Damage | None:
    return around(sample, f"{random.choice(_THOUGHTS)}\n</think>\n\n")


@operator()
def draft_in_a_thought(sample: Sample, random: Random) -> Damage | None:
    """Give a draft of the object within the thought, with other values."""
    if not isinstance(sample.value, dict) or len(sample.value) < 2:
        return None
    draft = dict.fromkeys(sample.value)
    return around(sample, f"<think>\nA draft: {json.dumps(draft)}\nNow fill it in.\n</think>\n")


@operator()
def assignment(sample: Sample, random: Random) -> Damage | None:
    return around(
        sample,
        *random.choice(
            [
                ("const data = ", ";"),
                ("result = ", ""),
                ("var config = ", ";\n"),
                ("export default ", ";"),
                ("return ", ";"),
                ("module.exports = ", ";"),
                ("data: ", ""),
                ("json: ", ""),
                ("Output: ", ""),
                ("let x: Row = ", ";"),
            ]
        ),
    )


@operator()
def call_around(sample: Sample, random: Random) -> Damage | None:
    name = random.choice(
        ["callback", "print", "jQuery123", "app.render", "submit_answer", "console.log", "dict"]
    )
    return around(sample, f"{name}(", random.choice([")", ");"]))


@operator()
def parentheses_around(sample: Sample, random: Random) -> Damage | None:
    return around(sample, "(", ")")


@operator()
def log_line_before(sample: Sample, random: Random) -> Damage | None:
    return around(
        sample,
        random.choice(
            [
                "2024-03-01 12:00:05,123 INFO [main] response: ",
                "[2024-03-01T12:00:05Z] body=",
                "HTTP/1.1 200 OK\nContent-Type: application/json\n\n",
                "$ curl -s https://example.org/api?x=[1]\n",
                ">>> ",
                "200 ",
                ")]}',\n",
                "while(1);",
            ]
        ),
    )


@operator()
def server_sent_event(sample: Sample, random: Random) -> Damage | None:
    if "\n" in sample.text:
        return None
    return around(sample, "data: ", random.choice(["\n\n", "\n\ndata: [DONE]\n\n"]))


@operator()
def role_before(sample: Sample, random: Random) -> Damage | None:
    return around(
        sample,
        random.choice(["assistant\n", "Assistant: ", "**Answer:** ", "### Response:\n", "JSON:\n", "> "]),
    )


@operator()
def text_twice(sample: Sample, random: Random) -> Damage | None:
    """Give the text a second time; without a schema it may be a list of both."""
    again = random.choice(["\n", "\n\n", "", "\n\nOr, again:\n\n"]) + sample.text
    return Damage((Edit(len(sample.text), len(sample.text), again),), plain=({(): [sample.value] * 2},))


@operator(needs_schema=True, is_rare=True)
def empty_object_before(sample: Sample, random: Random) -> Damage | None:
    return around(sample, "{}") if sample.schema.violations({}) else None


@operator(is_rare=True)
def garbage_after(sample: Sample, random: Random) -> Damage | None:
    return around(
        sample,
        "",
        random.choice(
            ["\x00\x00\x00", "%", "\n\n\n\n.", " }}]", "\nEOF", "\n---", "`", "\\n", '"', "'", "\\"]
        ),
    )
