"""What people and models write for JSON, and what was meant."""

from typing import Any

import pytest

import structgen
from structgen.parsing.tolerant.containers import MAX_DEPTH
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
    # what stands around
    ("/* a */ {\"a\": 1, // b\n # c\n\"d\": 2}", {"a": 1, "d": 2}),
    ('Sure! Here it is:\n```json\n{"a": 1}\n```\nAnything else?', {"a": 1}),
    ('```json\n{"a": "use ```x``` here"}\n```', {"a": "use ```x``` here"}),
    ('Hi\n```json\n{"a": "so:\n```js\nf()\n```", "b": 1}\n```\n', {"a": "so:\n```js\nf()\n```", "b": 1}),
    ('```json\n{"a": [1, 2\n```\nThat is all.', {"a": [1, 2]}),
    ('`{"a": 1}`', {"a": 1}),
    ('<think>{"a": 0}?</think>{"a": 1}', {"a": 1}),
    ('The answer is {"a": 1}. Good luck!', {"a": 1}),
    ('{"a": 1}\n{"a": 2}\n', [{"a": 1}, {"a": 2}]),
    ('callback({"a": 1});', {"a": 1}),
    ('{"id": ObjectId("12"), "n": NumberLong(5)}', {"id": "12", "n": 5}),
    ('{"d": Date(2020, 1, 2)}', {"d": "Date(2020, 1, 2)"}),
    ('{"a": "<think>x</think>", b: 1}', {"a": "<think>x</think>", "b": 1}),
    ('\ufeff{"a": 1,}', {"a": 1}),
    ('{\\"a\\": \\"b\\"}', {"a": "b"}),
    ('{"name: "Ada", "age": 3}', {"name": "Ada", "age": 3}),
    ('{"name": "Ada", "age: 36}', {"name": "Ada", "age": 36}),
    ('{"name": "Ada", "age: 36, "city": "x"}', {"name": "Ada", "age": 36, "city": "x"}),
    ('{"a": [1], "b: [2]}', {"a": [1], "b": [2]}),
    ('{"a": "x", "b"= true, "c" => 3, "d" -> 4}', {"a": "x", "b": True, "c": 3, "d": 4}),
    ('{"a":: 1, ""b": 2, "c"": 3}', {"a": 1, "b": 2, "c": 3}),
    ('{"a": "x"; "b": "y"}', {"a": "x", "b": "y"}),
    ("[51.5; -0.13]", [51.5, -0.13]),
    ('{"size": 24", "n": 1}', {"size": 24, "n": 1}),
    ('{"a": the "best"}', {"a": 'the "best"'}),
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
    # around it
    ('{"a": "</think>",}', {"a": "</think>"}),
    ('{"q": 1,}\n</think>', {"q": 1}),
    ("[x]\n[y]", [["x"], ["y"]]),
    ('"a": 1} and more', {"a": 1}),
    ("100\u00a0", 100),
    ('Answer (final): {"a": 1}', {"a": 1}),
    ("[INFO] {\"a\": 1}", {"a": 1}),
    ("As [said below]: {\"a\": 1}", {"a": 1}),
    ('Rows:\n{"a": 1}\n{"a": 2}', [{"a": 1}, {"a": 2}]),
    ('Hmm {"x": 2} so</think>{"a": 1}', {"a": 1}),
    ('<Thinking>{"x": 2}</Thinking>{"a": 1}', {"a": 1}),
    ("```json\n5\n```", 5),
    (".5", 0.5),
    ("None", None),
    ("1e", 1.0),
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
def test_what_was_meant(text: str, value: Any) -> None:
    """And that something was put right is told."""
    result = structgen.repair(text)
    assert (result.status, result.value) == ("repaired", value)
    assert result.fixes


@pytest.mark.parametrize(
    "text", ["", "  \n", "Sorry, I cannot help.", "{:2}", '{"a" ]', '{"a": "\\uZZZZ", "b": 1}', '{"a": "\x01"}', "Well: {}", "```json\n```", "Sorry (again), I cannot.", "no JSON at all", "(1)"]
)  # fmt: skip
def test_what_cannot_honestly_be_read_fails(text: str) -> None:
    """With a reason, and no value."""
    result = structgen.repair(text)
    assert (result.status, result.value) == ("failed", None)
    assert result.violations[0].message


def test_brackets_without_end_are_refused() -> None:
    """No recursion, and a clear word."""
    result = structgen.repair("[" * 100_000)
    assert result.status == "failed"
    assert f"more than {MAX_DEPTH} brackets" in result.violations[0].message


def test_every_fix_has_its_place() -> None:
    """What stands in place of what, in code points."""
    text = "{'ø': tRUE, n: 1,}"
    fixes = [(fix.kind, text[fix.start : fix.end], fix.text) for fix in structgen.repair(text).fixes]
    assert fixes == [
        ("quotes", "'ø'", '"ø"'),
        ("quotes", "tRUE", '"tRUE"'),
        ("key-quotes", "n", '"n"'),
        ("comma", ",", ""),
    ]


def test_fences_lose_nothing() -> None:
    """Alone around the JSON they are no prose, so that the lowest risk will do."""
    result = structgen.repair('```json\n{"a": 1,}\n```\n', max_risk="lossless")
    assert (result.value, [fix.kind for fix in result.fixes]) == ({"a": 1}, ["fence", "comma", "fence"])


def test_the_cut_is_named() -> None:
    """By the pointer of the place."""
    assert structgen.repair('{"a": [1, {"b": "x').cut_at == "/a/1/b"
    assert structgen.repair('{"a": 1').cut_at is not None
    assert structgen.repair('{"a": 1,}').cut_at is None


def test_a_key_that_stands_twice_is_told() -> None:
    """The last one wins, and what it replaced is in the account."""
    result = structgen.repair('{"a": [{"b": 1, "b": 2}]}')
    (change,) = result.changes
    assert (result.status, result.value) == ("repaired", {"a": [{"b": 2}]})
    assert (change.path, change.value) == ("/a/0/b", 2)
    assert "1" in change.reason
    within = structgen.repair('{"a": {"b": 1, "b": 2}, "a": true}')
    assert (within.value, [c.path for c in within.changes]) == ({"a": True}, ["/a"])


@pytest.mark.parametrize(
    "text", [b'{"a": "\xc3\xa9"}', b'\xef\xbb\xbf{"a": "\xc3\xa9"}', '{"a": "é"}'.encode("utf-16")]
)
def test_bytes_are_decoded(text: bytes) -> None:
    """UTF-8 or UTF-16, with a byte-order mark or without."""
    assert structgen.repair(text).value == {"a": "é"}


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
def test_bad_texts_take_no_more_than_their_length(piece: str) -> None:
    """No hang: a hundred thousand characters of the worst."""
    structgen.repair(piece * (100_000 // len(piece)))


@pytest.mark.parametrize(
    ("text", "fixes"),
    [
        ('{"a":1} // c', [("comment", 8, 12)]),
        ('// c\n{"a":1},', [("comment", 0, 4), ("comma", 12, 13)]),
        ("[1, /* a, b */]", [("comment", 4, 14), ("comma", 2, 3)]),
        ('{"b": 1,,}', [("comma", 8, 9), ("comma", 7, 8)]),
        ('{"a":1, "b', [("cut", 6, 10)]),
        ('{"a":1,"b":', [("cut", 7, 11)]),
        ('{"a":1} {"b":2', [("cut", 13, 14), ("cut", 14, 14), ("several-values", 0, 14)]),
    ],
)
def test_fixes_cover_what_is_gone(text: str, fixes: list[tuple[str, int, int]]) -> None:
    """Nothing is left out without one, be it before or after the value."""
    found = structgen.repair(text)
    assert found.status == "repaired"
    assert [(fix.kind, fix.start, fix.end) for fix in found.fixes] == fixes


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
def test_what_is_lost_or_guessed_is_not_lossless(text: str | bytes, risk: Risk) -> None:
    """A lower `max_risk` refuses it."""
    below = RISKS[RISKS.index(risk) - 1]
    assert structgen.repair(text, max_risk=risk).status == "repaired"
    refused = structgen.repair(text, max_risk=below)
    assert refused.status == "failed"
    assert refused.violations


@pytest.mark.parametrize("fence", [False, True], ids=["bare", "fenced"])
def test_many_values_in_prose_are_all_kept(fence: bool) -> None:
    """However many: rows are not lost behind a bound on the readings."""
    row = '```json\n{{"a": {}}}\n```' if fence else 'Row: {{"a": {}}}'
    text = "\n".join(row.format(i) for i in range(300))
    schema = {"type": "array", "items": {"type": "object", "required": ["a"]}}
    assert structgen.repair(text, schema).value == [{"a": i} for i in range(300)]
