"""Patterns are ECMA-262 in validation and, where llguidance can read them, in the grammar."""

import pytest

from structgen import json_text
from structgen.errors import InvalidSchema
from structgen.schema import Schema, regex

READ = [
    pytest.param("^/users/{id}$", "/users/{id}", "/users/x", id="braces"),
    pytest.param("^{e}$", "{e}", "x", id="braces-that-mean-something-to-others"),
    pytest.param("^a{2}$", "aa", "a{2}", id="count"),
    pytest.param("^a{2,}$", "aaa", "a", id="at-least"),
    pytest.param("^a{,2}$", "aa", "aaa", id="at-most"),
    pytest.param("^[{}]{2}$", "{}", "{", id="braces-in-a-class"),
    pytest.param("^}$", "}", "{", id="a-brace-alone"),
    pytest.param("^\\{\\}$", "{}", "x", id="escaped-braces"),
    pytest.param("^\\u{1F600}$", "\U0001f600", "u", id="code-point"),
    pytest.param("^\\u{61}$", "a", "u", id="code-point-of-digits"),
    pytest.param("^[^]$", "\n", "", id="any-character"),
    pytest.param("^[]*$", "", "a", id="no-character"),
    pytest.param("^\\cJ$", "\n", "cJ", id="control"),
    pytest.param("^[\\cJa]$", "a", "c", id="control-in-a-class"),
    pytest.param("^(?<x>a|b)\\k<x>$", "bb", "ab", id="named-group"),
    pytest.param("^[[]$", "[", "]", id="bracket-in-a-class"),
    pytest.param("^[\\]]$", "]", "[", id="escaped-bracket"),
    pytest.param("^\\h\\R\\e$", "hRe", " ", id="letters-escaped-for-nothing"),
    pytest.param("^\\p{L}{2}$", "éa", "é1", id="category"),
    pytest.param("^\\$\\\\$", "$\\", "$", id="escaped-marks"),
    pytest.param("^\\s+$", "\u00a0\u1680\u2009\u2028\u2029\u202f\u205f\u3000\ufeff \t", "\u200b", id="space"),
    pytest.param("^[\\s]$", "\u00a0", "\u180e", id="space-in-a-class"),
    pytest.param("^\\S$", "\u0085", "\ufeff", id="no-space"),
    pytest.param("^[\\S]$", "\U0001f600", "\u3000", id="no-space-in-a-class"),
    pytest.param("^[^\\S]$", "\u2003", "a", id="no-space-in-a-negated-class"),
    pytest.param("^[\\s-x]$", "-", "a", id="hyphen-after-a-kind"),
    pytest.param("^[a-\\d]{2}$", "-1", "bb", id="hyphen-before-a-kind"),
    pytest.param("^[\\\\s]$", "s", " ", id="escaped-backslash-before-s"),
    pytest.param("^.$", "\u0085", "\r", id="dot"),
    pytest.param("^\\p{L}\\s$", "é\u00a0", "é\x1c", id="space-beside-a-category"),
    pytest.param("^\x7f$", "\x7f", "x", id="delete"),
]


@pytest.mark.parametrize(("pattern", "found", "other"), READ)
def test_a_pattern_is_read_as_javascript_does(pattern: str, found: str, other: str) -> None:
    """Validation reads a pattern as ECMA-262 does."""
    assert regex.matches(pattern, found)
    assert not regex.matches(pattern, other)


@pytest.mark.parametrize(("pattern", "found", "other"), READ)
def test_the_grammar_reads_it_so_or_not_at_all(pattern: str, found: str, other: str) -> None:
    """The grammar accepts all matches, and nothing else where the report says decoded."""
    llguidance = pytest.importorskip("llguidance", reason="the grammar is in the extra `local`")
    from structgen.engines.guidance.grammar_cache import compile_grammar

    schema, tokenizer = Schema.parse({"type": "string", "pattern": pattern}), llguidance.LLTokenizer("byte")
    pristine = compile_grammar(tokenizer, schema.grammar)

    def accepts(text: str) -> bool:
        matcher, tokens = pristine.deep_copy(), tokenizer.tokenize_str(json_text.dumps(text))
        return bool(matcher.try_consume_tokens(tokens) == len(tokens) and matcher.is_accepting())

    assert accepts(found)
    assert accepts(other) == ("pattern" not in schema.grammar)


@pytest.mark.parametrize("pattern", ["\\", "a\\", "[a", "(", "a**"])
def test_what_is_none_is_told(pattern: str) -> None:
    """An invalid pattern is refused with its pointer."""
    with pytest.raises(InvalidSchema, match=r"/pattern.*is not a regular expression"):
        Schema.parse({"pattern": pattern})
