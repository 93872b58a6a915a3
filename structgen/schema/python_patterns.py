"""Translate the regular expressions of Python types to those of JSON Schema (ECMA-262)."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator, TypeAdapter
from pydantic_core import PydanticCustomError

from structgen.errors import InvalidSchema
from structgen.schema.regex import PatternError, compiled
from structgen.types import Violation

_TOKEN = re.compile(r"\\.|.", re.DOTALL)
_WORD = r"\p{L}\p{M}\p{N}\p{Pc}"
_NOT_ECMA = re.compile(r"\\[AzZGQEhHRXKabBCUNO]|\\p[A-Z]|\\x\{|\(\?[a-zA-Z#^(>-]|\[\[:|&&|--|~~|[*+?}]\+")
"""Constructs of patterns in Rust and Python that ECMA-262 lacks, or reads differently."""
_FLAGS = {
    re.IGNORECASE: "write both cases, such as [Aa]",
    re.MULTILINE: "leave it out, as the pattern matches the whole text",
    re.DOTALL: r"write [\s\S] where a dot matches line breaks",
    re.VERBOSE: "write the pattern without free white space and comments",
    re.LOCALE: "leave it out",
    re.DEBUG: "leave it out",
}
"""Flags that ECMA-262 lacks, and what to do instead."""
_INSTEAD = {
    r"\\A": "^",
    r"\\[Zz]": "$",
    r"\(\?P<": "(?<name>...), or a plain group",
    r"\(\?P=": r"\k<name>",
    r"\(\?[a-zA-Z-]+[:)]": "the characters that the flag allows",
    r"\(\?#": "no comment",
    r"\(\?>|[*+?}]\+": "a plain quantifier",
    r"\(\?\(": "two alternatives",
    r"\\[bB]": "the characters that may stand there",
    r"\\[UNa]": "the character itself",
}
"""Constructs of Python, and what to write instead."""


def in_ecma(pattern: str | re.Pattern[str]) -> str | None:
    """Translate a pattern of a Python type to ECMA-262; None where only the type can check it."""
    ascii_only = False
    if isinstance(pattern, re.Pattern):
        if pattern.flags & ~(re.UNICODE | re.ASCII):
            return None
        ascii_only = bool(pattern.flags & re.ASCII)
        pattern = pattern.pattern
    if not isinstance(pattern, str) or _python_construct(pattern) is not None:
        return None
    translated = pattern if ascii_only else _with_words_of_all_scripts(pattern)
    try:
        compiled(translated or "")
    except PatternError:
        translated = None
    return translated


def whole_pattern(pattern: re.Pattern[Any]) -> tuple[dict[str, Any], TypeAdapter[str]]:
    """Return the JSON Schema of strings that a compiled pattern matches as a whole, and their adapter.

    Raises `InvalidSchema` for a pattern that has no translation, with what to write instead.
    """
    if not isinstance(pattern.pattern, str):
        raise _refused(f"{pattern.pattern!r:.80} is a pattern of bytes: give one of str")
    for flag, instead in _FLAGS.items():
        if pattern.flags & flag:
            raise _refused(f"{pattern.pattern[:80]!r} has the flag re.{flag.name}: {instead}")
    translated = in_ecma(pattern)
    if translated is None:
        raise _refused(_untranslatable(pattern.pattern))
    definition = {"type": "string", "pattern": f"^(?:{translated})$"}

    def check(text: str) -> str:
        if pattern.fullmatch(text) is None:
            raise PydanticCustomError("pattern", "does not match the pattern as a whole")
        return text

    return definition, TypeAdapter(Annotated[str, AfterValidator(check)])


def _untranslatable(pattern: str) -> str:
    construct = _python_construct(pattern)
    if construct is None:
        plain = "groups, classes and quantifiers"
        return f"{pattern[:80]!r} cannot be translated to ECMA-262: write it with {plain} alone"
    rest = _TOKEN.sub(_bare, pattern)[construct.start() :]
    instead = next((text for form, text in _INSTEAD.items() if re.match(form, rest)), "a plain form of it")
    return f"{pattern[:80]!r} has {construct[0]!r}, which JSON Schema's patterns lack: write {instead}"


def _refused(message: str) -> InvalidSchema:
    return InvalidSchema(f"the pattern {message}", [Violation("/pattern", "pattern", message)])


def _python_construct(pattern: str) -> re.Match[str] | None:
    """Return the first construct that ECMA-262 lacks; its position is that in the pattern of bare tokens."""
    return _NOT_ECMA.search(_TOKEN.sub(_bare, pattern))


def _with_words_of_all_scripts(pattern: str) -> str | None:
    r"""Write `\w`, which means all scripts in Python, as a class; None where that fails."""
    in_class, tokens = False, []
    for token in _TOKEN.findall(pattern):
        if token == r"\w":
            token = _WORD if in_class else f"[{_WORD}]"
        elif token == r"\W":
            if in_class:
                return None
            token = f"[^{_WORD}]"
        elif token == "[":
            in_class = True
        elif token == "]":
            in_class = False
        tokens.append(token)
    return "".join(tokens)


def _bare(match: re.Match[str]) -> str:
    """Return a token of a pattern, or a plain letter for an escaped character that means itself."""
    return "x" if match[0][:1] == "\\" and not match[0][1:].isalnum() else match[0]
