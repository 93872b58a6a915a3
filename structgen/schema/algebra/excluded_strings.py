"""A regular expression of all strings but some."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

_ANY_CHARACTER = r"[\s\S]"


def other_than(strings: Sequence[str]) -> str:
    """Return a regular expression of every other string: of all that leave the prefix tree of the strings."""
    tree: dict[str, Any] = {}
    for string in strings:
        node = tree
        for character in string:
            node = node.setdefault(character, {})
        node[""] = {}
    return f"^(?:{_outside(tree)})$"


def _outside(node: dict[str, Any]) -> str:
    """Return the alternatives of the rest of a string that has come to a node of the tree."""
    letters = [character for character in node if character]
    alternatives = [] if "" in node else [""]
    if letters:
        alternatives.append(f"[^{''.join(map(_in_class, letters))}]{_ANY_CHARACTER}*")
        alternatives += [f"{_literal(character)}(?:{_outside(node[character])})" for character in letters]
    else:
        alternatives.append(f"{_ANY_CHARACTER}+")
    return "|".join(alternatives)


def _literal(character: str) -> str:
    return re.escape(character) if character.isascii() and not character.isspace() else _in_class(character)


def _in_class(character: str) -> str:
    """Write a character in a class so that JavaScript, `regex` and Rust read it alike."""
    if character.isalnum() and character.isascii():
        return character
    if character in "\\]^-[&~|":
        return "\\" + character
    return {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(character, character)
