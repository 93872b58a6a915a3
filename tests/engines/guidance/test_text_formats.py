"""Text formats become constraints, and a text is valid exactly where the format says so."""

from __future__ import annotations

import contextlib
import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from structgen.engines.guidance import text_constraint, text_matches
from structgen.errors import InvalidSchema
from structgen.schema.regex import compiled
from structgen.types import TextFormat

pytest.importorskip("llguidance", reason="needs the extra `local`")

PATTERNS = [
    r"\d{3}-\d{4}",
    r"^[A-Z]\w*$",
    r"^a|b$",
    r"(^a|b$)",
    r"(?:yes|no)!?",
    r"[^\d\s]+",
    r"[\W_]{2}",
    r"[\D]{2}x",
    r"\s+\S",
    r"a.c",
    r"a/b\/c",
    r"\p{Lu}\p{Ll}+",
    r"[\p{L}\d]+",
    r"\P{L}+",
    r"",
    r"a{2,3}b{,2}",
    r"{id}",
    r"\"[^\"\\]*\"",
    r"[\u00e0-\u00ff]+",
    r"(?<year>\d{4})",
    r"[-a]+",
    r"[a\-z]",
    r"x|",
    "[\U0001f600-\U0001f64f]+",
]
TEXTS = ["", "a", "b", "ab", "123-4567", "Ab_9", "éa", "ÉA", "Éa", "yes", "no!", "a\nc", "aéc", "a/b/c", "\\p",
         "١٢", "__", "!!x", "\u00a0x", "aabb", "aaab", "{id}", '"q"', "2024", "a-", "😀", "x", "\u2028"]  # fmt: skip


ASSIGNED = st.characters(exclude_categories=["Cs", "Cn"])
"""Versions of Unicode differ in the others."""


def regex_format(pattern: str) -> TextFormat:
    return TextFormat(regex=pattern)


def matches_whole(pattern: str, text: str) -> bool:
    """Judge by the expressions that validate JSON Schema's `pattern`."""
    return compiled(f"^(?:{pattern})$").search(text) is not None


@pytest.mark.parametrize("pattern", PATTERNS)
@settings(max_examples=30)
@given(st.data())
def test_a_regex_matches_the_whole_text_as_validation_does(pattern: str, data: st.DataObject) -> None:
    """A text matches exactly where `^(?:pattern)$` does in the dialect of JSON Schema."""
    constraint = text_constraint(regex_format(pattern))
    matching = st.from_regex(regex_of(pattern), fullmatch=True) if "{L" not in pattern else st.nothing()
    text = data.draw(st.sampled_from(TEXTS) | st.text(ASSIGNED, max_size=8) | matching)
    assert text_matches(constraint, text) == matches_whole(pattern, text), text


def regex_of(pattern: str) -> str:
    """Return a pattern that Python's `re` reads, from which Hypothesis draws likely texts."""
    return (
        pattern.replace("(?<", "(?P<").replace("^", "").replace("$", "") if "[^" not in pattern else pattern
    )


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        pytest.param("(a", "unclosed group", id="unclosed"),
        pytest.param("a(?=b)", "look-around", id="lookahead"),
        pytest.param(r"(a)\1", "back-references", id="back-reference"),
        pytest.param("a^b", "in the middle", id="anchor-in-the-middle"),
        pytest.param("[a", "unclosed character class", id="class"),
        pytest.param("(a|b|c)?" * 900, "", id="too-many-states"),
        pytest.param("a" * 9_000, "8000 characters", id="too-long"),
        pytest.param("(" * 900 + "a" + ")" * 900, "", id="too-deep"),
        pytest.param(r"[^\s\S]", "allows no text", id="matches-nothing"),
    ],
)
def test_a_regex_without_a_grammar_is_refused_with_the_reason(pattern: str, reason: str) -> None:
    """The refusal is an `InvalidSchema` that says why, in bounded time."""
    began = time.process_time()
    with pytest.raises(InvalidSchema, match="no grammar can be built") as caught:
        text_constraint(regex_format(pattern))
    assert reason in str(caught.value)
    assert time.process_time() - began < 2


@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=6), st.text(max_size=5)
)
def test_a_choice_is_one_of_the_texts(choices: list[str], other: str) -> None:
    """Any texts may be choices, quotes, control characters and the empty text included."""
    constraint = text_constraint(TextFormat(choices=tuple(choices)))
    assert json.loads(constraint.definition) == list(dict.fromkeys(choices))
    assert all(text_matches(constraint, choice) for choice in choices)
    assert text_matches(constraint, other) == (other in choices)


@pytest.mark.parametrize(
    "choices", [(), ("\ud800",), tuple(map(str, range(5_001)))], ids=["none", "half-a-pair", "too-many"]
)
def test_choices_that_no_text_can_be_are_refused(choices: tuple[str, ...]) -> None:
    """No choice, half of a surrogate pair, and thousands of choices are refused."""
    with pytest.raises(InvalidSchema):
        text_constraint(TextFormat(choices=choices))


ARITHMETIC = """
start: sum
sum: product (("+" | "-") product)*
product: NUMBER ("*" NUMBER)*
NUMBER: /[0-9]{1,3}/
"""


@pytest.mark.parametrize(
    ("grammar", "text", "matches"),
    [
        pytest.param(ARITHMETIC, "1+22*3", True, id="sum"),
        pytest.param(ARITHMETIC, "1+", False, id="cut-sum"),
        pytest.param('start: %json {"type":"object"}', '{"a":1}', True, id="json-inside"),
        pytest.param('start: "<think>" /[a-z]*/ "</think>"', "<think>so</think>", True, id="tags-as-strings"),
        pytest.param('start: a "!" // <tag>\na: /<b>/ # <c>', "<b>!", True, id="tags-in-comments"),
        pytest.param('start: word\nword[max_tokens=2, temperature=0.5]: /[a-z]+/', "abcdef", True, id="max-tokens"),
        pytest.param('start: "max_tokens=2,"', "max_tokens=2,", True, id="max-tokens-in-a-string"),
        pytest.param('start: a\na: a "x" | "y"', "yxx", True, id="left-recursion"),
    ],
)  # fmt: skip
def test_a_lark_grammar_decides(grammar: str, text: str, matches: bool) -> None:
    """The whole text follows the grammar, or does not match."""
    assert text_matches(text_constraint(TextFormat(lark=grammar)), text) == matches


def _doubling(levels: int) -> str:
    rules = [f"r{level}: r{level + 1} | r{level + 1} r{level + 1}" for level in range(levels)]
    return "\n".join(["start: r0", *rules, f'r{levels}: "a"?'])


@pytest.mark.parametrize(
    ("grammar", "reason"),
    [
        pytest.param("", "Empty grammar", id="empty"),
        pytest.param('begin: "a"', "no start rule", id="no-start"),
        pytest.param('start: "a', "lexer error", id="open-string"),
        pytest.param("start: b", "b", id="unknown-rule"),
        pytest.param("start: /[/", "unclosed character class", id="bad-regex"),
        pytest.param('start: a\na: a "x"', "allows no text", id="no-end-of-recursion"),
        pytest.param('start: "a" <|eot_id|>', "special token <|eot_id|>", id="special-token"),
        pytest.param("start: <[5-9]>", "special token <[5-9]>", id="token-numbers"),
        pytest.param('{"grammars":[{"json_schema":{}}]}', "not with JSON", id="llguidance-json"),
        pytest.param('start: "a"' + " " * 100_000, "100000 are allowed", id="too-long"),
        pytest.param("start: @other", "", id="reference-to-a-grammar"),
        pytest.param('start: "\ud800"', "surrogate", id="half-a-pair"),
        pytest.param('%import "file"\nstart: "a"', "", id="import"),
    ],
)
def test_a_lark_grammar_that_cannot_decode_is_refused_with_the_reason(grammar: str, reason: str) -> None:
    """The refusal is an `InvalidSchema` with llguidance's reason, and no panic."""
    with pytest.raises(InvalidSchema, match="no grammar can be built") as caught:
        text_constraint(TextFormat(lark=grammar))
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    "grammar",
    [
        pytest.param('start: "a"{1000000}', id="a-million-repetitions"),
        pytest.param(_doubling(60), id="doubling-rules"),
        pytest.param('start: s\ns: s s s | "a" | ""', id="ambiguous"),
        pytest.param("start: /((a{1,1000}){1,1000}){1,1000}/", id="nested-counts"),
        pytest.param("start: /" + r"\w{1,500}" * 100 + "/", id="many-counts"),
        pytest.param("start: /(a|b)*a(a|b){200}c/", id="exponential-automaton"),
        pytest.param("start: " + "(" * 400 + '"a"' + ")" * 400, id="parentheses"),
        pytest.param("start: " + " | ".join(f'"{i}"' for i in range(9_000)), id="alternatives"),
        pytest.param("start: " + "(" * 30 + '"a"' + ")*" * 30, id="nested-stars"),
        pytest.param("start: " + "(" * 12 + '"a"' + "){1,999}" * 12, id="nested-repetitions"),
        pytest.param("\n".join(f"r{i}: r{i + 1}*" for i in range(999)) + '\nr999: "a"\nstart: r0', id="deep"),
    ],
)
def test_a_hostile_grammar_costs_a_bounded_time(grammar: str) -> None:
    """A grammar compiles, and judges a text, within seconds, or is refused."""
    began = time.process_time()
    with contextlib.suppress(InvalidSchema):
        text_matches(text_constraint(TextFormat(lark=grammar)), "a" * 300)
    assert time.process_time() - began < 3


def test_a_grammar_in_gbnf_is_read_as_lark() -> None:
    """GBNF, the form of vLLM and llama.cpp, has the same texts as the Lark grammar that it becomes."""
    grammar = 'root ::= greeting " " name\ngreeting ::= "hello" | "hi"\nname ::= [A-Z] [a-z]{1,8} # a name\n'
    constraint = text_constraint(TextFormat(lark=grammar))
    assert text_matches(constraint, "hello Ada")
    assert not text_matches(constraint, "bye Ada")
    assert text_matches(text_constraint(TextFormat(lark='start: "::=" "a"?')), "::=a")


@pytest.mark.parametrize(
    "grammar",
    ["root ::= (", "root ::= other", 'x ::= "a"', "root ::= <|eot_id|>", "root ::= " + "(" * 9_000],
    ids=["open", "unknown-rule", "no-root", "special-token", "deep"],
)
def test_a_bad_grammar_in_gbnf_is_refused(grammar: str) -> None:
    """A grammar that is no GBNF is an invalid schema, with the reason."""
    with pytest.raises(InvalidSchema, match="no grammar can be built: it cannot be read as GBNF"):
        text_constraint(TextFormat(lark=grammar))
