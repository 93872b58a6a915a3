"""Every supported format is checked, and the grammar accepts what the check accepts."""

import re
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from structgen import json_text
from structgen.schema import Schema
from structgen.schema.formats import PATTERNS


@pytest.mark.parametrize(
    ("name", "sound", "faulty"),
    [
        ("date", "2024-02-29", "2023-02-29"),
        ("date-time", "2024-02-29T10:00:00Z", "2024-02-29 10:00"),
        ("time", "10:00:00Z", "25:00:00Z"),
        ("duration", "P3DT4H", "3 days"),
        ("email", "a@b.example", "a b.example"),
        ("email", "te~st@localhost", "a@b@c"),
        ("email", '"joe bloggs"@b.example', "te..st@b.example"),
        ("email", "joe@[127.0.0.1]", "joe@[127.0.0.300]"),
        ("email", "joe@[IPv6:::1]", "joe@a-.example"),
        ("idn-email", "jürgen@bücher.example", "@"),
        ("hostname", "a.example", "-a.example"),
        ("idn-hostname", "bücher.example", "〮.example"),
        ("ipv4", "127.0.0.1", "256.0.0.1"),
        ("ipv6", "::1", "12345::"),
        ("uri", "https://a.example/b", "/b"),
        ("uri-reference", "/b?c", "\\\\b"),
        ("iri", "https://bücher.example/é?x#y", "/é"),
        ("iri", "urn:é", "http://a b"),
        ("iri", "https://a.example/?\ue000", "https://a.example/\ue000"),
        ("iri-reference", "é/ü", "é\\ü"),
        ("uri-template", "/a/{b}", "/a/{b"),
        ("uuid", "2eb8aa08-aa98-11ea-b4aa-73b441d16380", "2eb8aa08"),
        ("json-pointer", "/a~1b", "/a~2b"),
        ("relative-json-pointer", "1/a", "/a"),
        ("regex", "^a+$", "^(a"),
    ],
)  # fmt: skip
def test_a_format_is_checked(name: str, sound: str, faulty: str) -> None:
    """A conforming value passes, another one is a violation of `format`."""
    schema = Schema.parse({"format": name})
    assert schema.violations(sound) == []
    assert [v.keyword for v in schema.violations(faulty)] == ["format"]


SOUND = {
    "time": ["23:59:60Z", "23:59:60.25z", "00:59:60+01:00", "05:29:60+05:30", "05:44:60+05:45", "18:59:60-05:00",
             "20:29:60-03:30", "00:00:00.000000000001-00:00"],
    "date-time": ["2016-12-31T23:59:60Z", "2017-01-01T08:59:60.5+09:00", "1999-01-01t00:00:00z"],
    "duration": ["P1Y2M3DT4H5M6S", "PT36H", "P007D", "P3W", "PT1M2S"],
    "email": ['"two words"@b.example', '"a@b"@c.example', '"a\\"b"@c.example', "x@[IPv6:2001:db8::7]",
              "x@[IPv6:::ffff:10.0.0.1]"],
    "hostname": ["localhost", "a-b.c0", "xn--nxasmq6b.example", "a" * 63 + ".example"],
    "idn-hostname": ["παράδειγμα.example", "l·l.example"],
    "ipv6": ["::", "1:2:3:4:5:6:7:8", "::1:192.0.2.4"],
    "iri": ["https://[2001:db8::1]/ü", "tag:é"],
    "json-pointer": ["", "/", "/a//~0~1"],
    "regex": ["(?<!a)b", "(?<y>\\d{4})-\\k<y>", "[^]", "\\p{Lu}", "(?<=x+)y"],
    "relative-json-pointer": ["0", "10/a~0", "3#", "0+12", "1-3/b", "0-1#"],
    "uri": ["mailto:a@b.example", "urn:a:b"],
    "uri-template": ["", "{?a,b*}", "/{+p}/{v:9999}", "{%20x}", "a%20"],
}  # fmt: skip
FAULTY = {
    "time": ["22:59:60Z", "23:59:60+01:00", "23:58:60Z", "23:59:61Z", "12:00:00", "12:00:00+0100", "12:00Z",
             "1٢:00:00Z", "12:00:00Z\n"],
    "date-time": ["2016-12-31T23:58:60Z", "2017-01-01T23:59:60+09:00", "2023-02-30T00:00:00Z", "2023-1-1T00:00:00Z"],
    "duration": ["P", "PT", "P1", "P1DT", "P1H", "P1Y3D", "PT1H1S", "PT1.5S", "P1W2D", "-P1D", "P1D\n", "P٢D"],
    "email": ['"a"b"@c.example', "x@[IPv6:1:2]", "x@[IPv6:::1%1]", "x@-a.example", ".x@b.example", "x@b..example"],
    "hostname": ["", "a..b", "a.", "-a", "a-", "a_b", "a" * 64, "a." * 130 + "b", "xn--X", "bücher.example"],
    "idn-hostname": ["a·b.example", "-é", "\u0300a.example"],
    "ipv6": [":::", "1::2::3", "1:2:3:4:5:6:7", "::1%lo", "::1.2.3"],
    "iri": ["https://[::ffff:192.168.0.01]", "//a/é", "https://é/\n"],
    "json-pointer": ["a", "/~", "/~2"],
    "regex": ["\\Z", "\\a", "(?P<n>x)", "(?i)x", "(?#x)", "a{2,1}", "[z-a]", "x**"],
    "relative-json-pointer": ["", "-1", "+1", "01", "0+", "0+01", "1/~", "0##", "1#/a", "٣/a", "1\n"],
    "uri": ["//a", "http://a b", "http://é", "http://a/\\"],
    "uri-template": ["{", "}", "{}", "{a,,b}", "{v:0}", "{v:10000}", "{a..b}", "{%2}", "a b", "%", "%zz", "{x=1}"],
}  # fmt: skip


@pytest.mark.parametrize("name", SOUND)
def test_sound_values_pass(name: str) -> None:
    """Values that conform to the defining document pass."""
    schema = Schema.parse({"format": name})
    assert [value for value in SOUND[name] if schema.violations(value)] == []


@pytest.mark.parametrize("name", FAULTY)
def test_faulty_values_fail(name: str) -> None:
    """Values that miss the format by one character fail."""
    schema = Schema.parse({"format": name})
    assert [value for value in FAULTY[name] if not schema.violations(value)] == []


def test_an_index_is_moved_since_2019_alone() -> None:
    """A relative JSON pointer takes `+` and `-` since 2019-09 only."""
    earlier = {"$schema": "http://json-schema.org/draft-07/schema#", "format": "relative-json-pointer"}
    assert Schema.parse(earlier).violations("0+1")


@pytest.mark.parametrize("name", PATTERNS)
def test_the_grammar_accepts_what_the_check_accepts(name: str) -> None:
    """The grammar accepts every match of the regular expression that it shares with validation."""
    pytest.importorskip("llguidance", reason="the grammar is in the extra `local`")
    schema = Schema.parse({"type": "string", "format": name})
    accepts = _accepts(schema.grammar)

    @settings(max_examples=50, deadline=None)
    @given(st.from_regex(re.compile(PATTERNS[name][1:-1]), fullmatch=True))
    def check(value: str) -> None:
        assert schema.violations(value) == []
        assert accepts(value)

    check()
    assert schema.report["/format"].by == "decoded"
    assert all(accepts(value) for value in SOUND.get(name, ()))
    assert not any(accepts(value) for value in FAULTY.get(name, ()))


def _accepts(grammar: Any) -> Any:
    from llguidance import LLTokenizer

    from structgen.engines.guidance.grammar_cache import compile_grammar

    tokenizer = LLTokenizer("byte")
    pristine = compile_grammar(tokenizer, grammar)

    def accepts(value: Any) -> bool:
        matcher, tokens = pristine.deep_copy(), tokenizer.tokenize_str(json_text.dumps(value))
        return bool(matcher.try_consume_tokens(tokens) == len(tokens) and matcher.is_accepting())

    return accepts


def test_the_library_of_formats_is_imported_when_a_value_needs_it() -> None:
    """`jsonschema_rs` is not imported at the start of the service."""
    code = (
        "import sys; from structgen.schema import Schema; s = Schema.parse({'format': 'hostname'}); s.report; "
        "assert 'jsonschema_rs' not in sys.modules; s.violations('a'); assert 'jsonschema_rs' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_a_format_beside_a_pattern_is_decoded_too() -> None:
    """The grammar holds both, as JavaScript's zod writes them: its pattern of a date allows the year 0000."""
    llguidance = pytest.importorskip("llguidance")
    from structgen.engines.guidance.grammar_cache import compile_grammar

    schema = Schema.parse({"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"})
    assert not schema.report.validated
    matcher = compile_grammar(llguidance.LLTokenizer("byte"), schema.grammar)
    accepted = [
        text
        for text in ("2026-11-26", "2026-13-26", "0000-01-01")
        if matcher.deep_copy().try_consume_tokens(list(f'"{text}"'.encode())) == len(text) + 2
    ]
    assert accepted == ["2026-11-26"]
