"""Formats are checked, none of them in name alone."""

import pytest

from structgen.schema import Schema


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
    """A sound value passes, a faulty one is a violation of `format`."""
    schema = Schema.parse({"format": name})
    assert schema.violations(sound) == []
    assert [v.keyword for v in schema.violations(faulty)] == ["format"]
