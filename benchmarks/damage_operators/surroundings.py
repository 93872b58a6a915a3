"""Put prose, fences, tags and calls around a text."""

from __future__ import annotations

import json
from random import Random
from typing import Any

from damage_operators.base import Damage, Edit, Path, Sample, around, operator, rewritten

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
    value = sample.value
    both: list[dict[Path, Any]] = [{(): [value, value]}]
    if isinstance(value, list):
        both.append({(): [*value, *value]})
    return Damage((Edit(len(sample.text), len(sample.text), again),), plain=tuple(both))


@operator(needs_schema=True, is_rare=True)
def empty_object_before(sample: Sample, random: Random) -> Damage | None:
    return around(sample, "{}") if sample.schema.violations({}) else None


_PROGRAM_QUOTES = [
    ("'", "'"),
    ("'''", "'''"),
    ("b'", "'"),
    ("JSON.parse('", "')"),
    ("json.loads('", "')"),
    ("data = '", "'"),
    ("curl -X POST https://example.org/a -d '", "'"),
    ("echo '", "' > out.json"),
    ("`", "`"),
]


@operator()
def whole_text_in_program_quotes(sample: Sample, random: Random) -> Damage | None:
    """Put the text in the quotes of a program or shell; without a schema it may be a text."""
    before, after = random.choice(_PROGRAM_QUOTES)
    if set("'`\\") & set(sample.text):
        return None
    return Damage(around(sample, before, after).edits, plain=({(): sample.text},))


@operator(is_rare=True)
def whole_text_as_csv_cell(sample: Sample, random: Random) -> Damage | None:
    if "\\" in sample.text or '""' in sample.text:
        return None
    doubled = sample.text.replace('"', '""')
    return rewritten(sample, f'"{doubled}"', plain=({(): sample.text},))


@operator(is_rare=True)
def garbage_after(sample: Sample, random: Random) -> Damage | None:
    return around(
        sample,
        "",
        random.choice(
            ["\x00\x00\x00", "%", "\n\n\n\n.", " }}]", "\nEOF", "\n---", "`", "\\n", '"', "'", "\\"]
        ),
    )
