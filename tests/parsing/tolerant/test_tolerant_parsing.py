"""Tolerant parsing: malformed JSON, the value that was meant, and the fixes."""

from typing import Any

import pytest

import structgen
from structgen.parsing.tolerant.frames import MAX_DEPTH
from structgen.types import RISKS, Risk

READ: list[tuple[str, Any]] = [
    # quotes
    ("{'city': 'Oslo'}", {"city": "Oslo"}),
    ("{city: Oslo, zip: 0150}", {"city": "Oslo", "zip": "0150"}),
    ("{“city”: “Oslo”}", {"city": "Oslo"}),
    ('{"size": "24" wide", "n": 1}', {"size": '24" wide', "n": 1}),
    ('{"said": "he said "no", and left", "n": 1}', {"said": 'he said "no", and left', "n": 1}),
    ('{"code": "print("hi")"}', {"code": 'print("hi")'}),
    ('{"a": "one, "b": "two"}', {"a": "one", "b": "two"}),
    ('{"a": "one\n"b": 2}', {"a": "one", "b": 2}),
    ('{"url": https://example.com/a?b=1,c, "n": 1}', {"url": "https://example.com/a?b=1,c", "n": 1}),
    ("{'it': 'it's here'}", {"it": "it's here"}),
    ('{"a": """one\ntwo"""}', {"a": "one\ntwo"}),
    (r'{"p": "C:\Users\new"}', {"p": r"C:\Users\new"}),
    (r'{"r": "\d+\s"}', {"r": r"\d+\s"}),
    ('{"a": "two\nlines"}', {"a": "two\nlines"}),
    ('{"a": "x" + "y"}', {"a": "xy"}),
    # commas, colons, brackets
    ("[1, 2, 3,]", [1, 2, 3]),
    ('["a" "b"]', ["a", "b"]),
    ('{"a": 1 "b": 2}', {"a": 1, "b": 2}),
    ('{"a" 1}', {"a": 1}),
    ('{"a": [1, 2}', {"a": [1, 2]}),
    ('[{"a": 1, {"a": 2}]', [{"a": 1}, {"a": 2}]),
    ('{"a": 1}}', {"a": 1}),
    ('{"a": [1, 2, ...]}', {"a": [1, 2]}),
    ('{"a": , "b": 1}', {"a": None, "b": 1}),
    ('{"a": "b", "c" "d"}', {"a": "b", "c": "d"}),
    ('{"a"：1，"b"："x"，"c": [1，true，2]}', {"a": 1, "b": "x", "c": [1, True, 2]}),
    ('{"a" = 1, "b" => "x"}', {"a": 1, "b": "x"}),
    ("{“a”: “b”, ‘c’: ‘d’}", {"a": "b", "c": "d"}),
    ('{"a": 1; "b": 2}', {"a": 1, "b": 2}),
    ("[1，]", [1]),
    ("[1 2 3]", [1, 2, 3]),
    ("{'a': u'x', 'b': b'y'}", {"a": "x", "b": "y"}),
    # words and numbers
    ("{'a': True, 'b': None, 'c': False, 'd': undefined}", {"a": True, "b": None, "c": False, "d": None}),
    ("[.5, 5., +1, 1_000, -.2, 0x]", [0.5, 5.0, 1, 1000, -0.2, "0x"]),
    ("[12345678901234567890123, 1e999]", [12345678901234567890123, "1e999"]),
    # keys
    ('{"name: "Ada", "age": 3}', {"name": "Ada", "age": 3}),
    ('{"name": "Ada", "age: 36}', {"name": "Ada", "age": 36}),
    ('{"name": "Ada", "age: 36, "city": "x"}', {"name": "Ada", "age": 36, "city": "x"}),
    ('{"a": [1], "b: [2]}', {"a": [1], "b": [2]}),
    ('{"a": "x", "b"= true, "c" => 3, "d" -> 4}', {"a": "x", "b": True, "c": 3, "d": 4}),
    ('{"a":: 1, ""b": 2, "c"": 3}', {"a": 1, "b": 2, "c": 3}),
    ('{"a": "x"; "b": "y"}', {"a": "x", "b": "y"}),
    ("[51.5; -0.13]", [51.5, -0.13]),
    ('{"size": 24", "n": 1}', {"size": 24, "n": 1}),
    ('{"a": the very "best"}', {"a": 'the very "best"'}),
    ('{"a": "\x01"}', {"a": "\x01"}),
    ("{'a': r'C:\\new'}", {"a": "C:\\new"}),
    ("{a=1, b=hello}", {"a": 1, "b": "hello"}),
    ('{{"a": {{"b": 1}}}}', {"a": {"b": 1}}),
    ('{"price": 1,234.50, "b": 2}', {"price": 1234.5, "b": 2}),
    ('{"a": (1, None), "b": ("x",), "c": ()}', {"a": [1, None], "b": ["x"], "c": []}),
    ("[06 12 34]", ["06 12 34"]),
    (r'{"tex": "\underline{x}", "dir": "\users"}', {"tex": r"\underline{x}", "dir": r"\users"}),
    ('{"a": "x\x1b[31mred"}', {"a": "x\x1b[31mred"}),
    ('{"a":\u00a01}\u3000', {"a": 1}),
    ('{"a": {"x": 1}}, "b": 2}', {"a": {"x": 1}, "b": 2}),
    ('{"a": 1}, "b": 2}', {"a": 1, "b": 2}),
    ('{"a": [{"x":1}}, {"x":2}], "b": 2}', {"a": [{"x": 1}, {"x": 2}], "b": 2}),
    ('"name": "Ada", "age": 36}', {"name": "Ada", "age": 36}),
    # prose and code in strings
    ('{"a": k = v, x = y}', {"a": "k = v, x = y"}),
    ('{"t": "Note: the key "id", "name" = required"}', {"t": 'Note: the key "id", "name" = required'}),
    ('{"q": "f(a="b", c="d")", "n": 1}', {"q": 'f(a="b", c="d")', "n": 1}),
    ('{"b": "if (a) { return "ok"; } else { no; }", "z": 1}', {"b": 'if (a) { return "ok"; } else { no; }', "z": 1}),
    ('{"style": "color: "red"; width: 10px", "b": 2}', {"style": 'color: "red"; width: 10px', "b": 2}),
    (r'{"a": "path\to\users"}', {"a": r"path\to\users"}),
    ("{a = foo, b = bar}", {"a": "foo", "b": "bar"}),
    ('{"k": Lorem "ipsum" s,"}', {"k": 'Lorem "ipsum" s,'}),
    ('[{"i": [1}, {"i": [2]}]', [{"i": [1]}, {"i": [2]}]),
    # cut
    ('```json\n{"name": "Ada", "ag', {"name": "Ada"}),
    ("{'a': 'x', 'b", {"a": "x"}),
    ('{"a": n', {"a": None}),
    ('{"grade": F', {"grade": "F"}),
    ('{"a": 1, "b": "hel', {"a": 1, "b": "hel"}),
    ('{"a": [1, {"b": tr', {"a": [1, {"b": True}]}),
    ('{"a": "x\\u00', {"a": "x"}),
    ('{"a": "x\\ud83d', {"a": "x"}),
    ('{"a": "x\\ud83d\\u', {"a": "x"}),
    ('{"a": "\\ud83d\\ude00', {"a": "😀"}),
    ('{"a": 1, "b', {"a": 1}),
    ('{"a": "see [1]', {"a": "see [1]"}),
    (r'{"a": "x\\\u00', {"a": "x\\"}),
    ('{"a": 1, "b":', {"a": 1}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), READ, ids=[text[:30] for text, _ in READ])
def test_malformed_json_is_repaired(text: str, value: Any) -> None:
    """Malformed JSON gives the value that was meant, and the result lists fixes."""
    result = structgen.repair(text)
    assert (result.status, result.value) == ("repaired", value)
    assert result.fixes


@pytest.mark.parametrize(
    "text", ["", "  \n", "Sorry, I cannot help.", '{"a": "\\uZZZZ", "b": 1}', "Well: {}", "```json\n```", "Sorry (again), I cannot.", "no JSON at all", "(1)"]
)  # fmt: skip
def test_a_text_without_a_value_fails(text: str) -> None:
    """A text in which no value can be read gives a reason, and no value."""
    result = structgen.repair(text)
    assert (result.status, result.value) == ("failed", None)
    assert result.violations[0].message


@pytest.mark.parametrize(("text", "lost"), [("{:2}", "2"), ('{"a" ]', '"a"'), ('{"a": 1, "b"}', '"b"')])
def test_a_lost_key_or_value_fails_unless_loss_is_accepted(text: str, lost: str) -> None:
    """A key or value without a place is listed as dropped, and the status is `failed` by default."""
    result = structgen.repair(text)
    assert result.status == "failed"
    assert lost in [dropped.text for dropped in result.dropped]
    assert [violation.keyword for violation in result.violations] == ["dropped"]


def test_too_many_open_brackets_are_refused() -> None:
    """A hundred thousand open brackets fail with the bound in the message, without a RecursionError."""
    result = structgen.repair("[" * 100_000)
    assert result.status == "failed"
    assert f"more than {MAX_DEPTH} brackets" in result.violations[0].message


def test_every_fix_has_its_position() -> None:
    """A fix gives the range that it replaces, in code points, and the replacement."""
    text = "{'ø': tRUE, n: 1,}"
    fixes = [(fix.kind, text[fix.start : fix.end], fix.text) for fix in structgen.repair(text).fixes]
    assert fixes == [
        ("quotes", "'ø'", '"ø"'),
        ("quotes", "tRUE", '"tRUE"'),
        ("key-quotes", "n", '"n"'),
        ("comma", ",", ""),
    ]


def test_the_cut_is_located() -> None:
    """`cut_at` is the pointer of the value in which the text was cut, and None for a complete text."""
    assert structgen.repair('{"a": [1, {"b": "x').cut_at == "/a/1/b"
    assert structgen.repair('{"a": 1').cut_at is not None
    assert structgen.repair('{"a": 1,}').cut_at is None


def test_a_repeated_key_is_reported() -> None:
    """The last value of a repeated key wins, and a change quotes the value that it replaced."""
    result = structgen.repair('{"a": [{"b": 1, "b": 2}]}')
    (change,) = result.changes
    assert (result.status, result.value) == ("repaired", {"a": [{"b": 2}]})
    assert (change.path, change.value) == ("/a/0/b", 2)
    assert "1" in change.reason
    within = structgen.repair('{"a": {"b": 1, "b": 2}, "a": true}')
    assert (within.value, [c.path for c in within.changes]) == ({"a": True}, ["/a"])


@pytest.mark.parametrize(
    "piece",
    [
        "{a: b c d ",
        '["a, ',
        "prose { ",
        "[1,   \n",
        '"a" b ',
        "' \" ` ",
        "// c\n",
        "\\",
        "</<think>",
        '```json\n{"a": 1}\n```\n',
        '"a"+',
        '["""a""",',
    ],
)
@pytest.mark.timeout(30)
def test_repetitive_malformed_texts_take_linear_time(piece: str) -> None:
    """A hundred thousand characters of a pattern that invites lookahead are parsed within the timeout."""
    structgen.repair(piece * (100_000 // len(piece)))


@pytest.mark.parametrize(
    ("text", "fixes"),
    [
        ('{"a":1} // c', [("comment", 8, 12)]),
        ('// c\n{"a":1},', [("comment", 0, 4), ("comma", 12, 13)]),
        ("[1, /* a, b */]", [("comment", 4, 14), ("comma", 2, 3)]),
        ('{"b": 1,,}', [("comma", 8, 9), ("comma", 7, 8)]),
        ('{"a":1, "b', [("cut", 6, 10)]),
        ('{"a":1,"b":', [("cut", 6, 11)]),
        ('{"a":1} {"b":2', [("cut", 13, 14), ("cut", 14, 14), ("several-values", 0, 14)]),
    ],
)
def test_fixes_cover_all_that_was_dropped(text: str, fixes: list[tuple[str, int, int]]) -> None:
    """Every dropped range has a fix, also before and after the value."""
    result = structgen.repair(text)
    assert result.status == "repaired"
    assert [(fix.kind, fix.start, fix.end) for fix in result.fixes] == fixes


@pytest.mark.parametrize(
    ("text", "risk"),
    [
        ('{"a":1}\n{"a":2}', "inferred"),
        ('{"a":1,"a":2}', "inferred"),
        ("callback({}, {})", "inferred"),
        ("[1 2]", "inferred"),
        (b'{"a": "\xff"}', "inferred"),
        (b'{"a": "\xef\xbf\xbd", "b": "\xff"}', "inferred"),
        ('["\\ud83d"]', "inferred"),
        ('{"a": 1e}', "inferred"),
        ('{"n": len([1, 2])}', "inferred"),
        ('{"a": true. "b": "x"}', "inferred"),
        ('{"a": 1,200}', "inferred"),
        ('{"name: "Ada"}', "inferred"),
        ("tru", "inferred"),
        ("[NaN]", "coerced"),
    ],
)
def test_lossy_fixes_are_not_lossless(text: str | bytes, risk: Risk) -> None:
    """A fix that loses or guesses something has its risk: a lower `max_risk` refuses the text."""
    below = RISKS[RISKS.index(risk) - 1]
    assert structgen.repair(text, max_risk=risk).status == "repaired"
    refused = structgen.repair(text, max_risk=below)
    assert refused.status == "failed"
    assert refused.violations
