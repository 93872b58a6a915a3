"""Write the constraints of requests as grammars of llguidance.

Calls of tools and the text around them are one grammar: a lexeme ends where the tag of a call begins, and the
grammar of the tools follows. One matcher thus takes over in mid-text, on every engine that has one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from llguidance import LLMatcher, LLTokenizer

from structgen.engines.base import AnyConstraint, CallableTool, CallConstraint, Constraint, TextConstraint
from structgen.engines.guidance import lark_text
from structgen.engines.guidance.refusal import REFUSED, refused
from structgen.engines.json_regions import JsonRegions
from structgen.errors import InvalidSchema

# No free whitespace: a model that may emit it can do so until the budget ends.
JSON_OPTIONS: Any = {"whitespace_flexible": False, "lenient": True, "coerce_one_of": True}
_OPEN, _CLOSE = "<tool_call>", "</tool_call>"
_THOUGHT = ("<think>", "</think>")
_OPTIONS = "%llguidance"
_NO_FORCING = f'{_OPTIONS} {{"no_forcing": true}}'
_LIKE_SPECIAL = (re.compile(r"<[^<>]{1,64}>"), re.compile(r"\[[^\[\]]{1,32}\]"))
_TEXT = "TEXT: /(.|\\n)*/"

IsSpecial = Callable[[str], bool]
"""Returns whether a tag is one special token of the model's vocabulary."""


def grammar_of(constraint: AnyConstraint, is_special: IsSpecial, *, special_tags: bool = True) -> str:
    """Return the grammar of a constraint; `InvalidSchema` where llguidance cannot read it.

    Without `special_tags` calls are tagged by ordinary text, also where the vocabulary has special tokens.
    """
    match constraint:
        case Constraint():
            return grammar_of_schema(constraint.schema, is_special)
        case TextConstraint():
            return _grammar_of_text(constraint, is_special)
        case CallConstraint():
            tag_is_special = is_special if special_tags else lambda tag: False
            return _grammar_of_calls(constraint, tag_is_special, is_special)


def json_regions(constraint: AnyConstraint) -> JsonRegions | None:
    """Return which parts of an answer are JSON; None where the whole answer is."""
    match constraint:
        case Constraint():
            return None
        case TextConstraint():
            return JsonRegions(tagged=False)
        case CallConstraint():
            return JsonRegions(response=constraint.response is not None and not constraint.required)


def is_free_text(constraint: AnyConstraint) -> bool:
    """Return whether an answer is free text but for its calls."""
    return isinstance(constraint, CallConstraint) and not constraint.required and constraint.response is None


def schemas_of(constraint: AnyConstraint) -> list[Mapping[str, Any] | bool]:
    """Return the schemas of the JSON that an answer may have."""
    match constraint:
        case Constraint():
            return [constraint.schema]
        case TextConstraint():
            return []
        case CallConstraint():
            response = [] if constraint.response is None else [constraint.response.schema]
            return [*(tool.parameters for tool in constraint.tools), *response]


def special_tokens(tokenizer: LLTokenizer) -> IsSpecial:
    """Return the test for the special tokens of a tokenizer."""

    def is_special(tag: str) -> bool:
        tokens = tokenizer.tokenize_str(tag)
        return len(tokens) == 1 and tokenizer.is_special_token(tokens[0])

    return is_special


def grammar_of_schema(schema: Mapping[str, Any] | bool, is_special: IsSpecial = lambda tag: False) -> str:
    """Serialize the schema's grammar in llguidance's own format, for any engine that embeds it."""
    text = text_of(schema)
    if options := _options(text, is_special):
        return f"{options}start: {_embedded(_definition(schema))}"
    try:
        grammar: str = LLMatcher.grammar_from_json_schema(text, defaults=JSON_OPTIONS)
    except ValueError as error:  # a number or a nesting depth beyond its JSON reader
        raise refused(str(error)) from error
    return grammar


def _options(text: str, is_special: IsSpecial) -> str:
    """Return the options of a grammar with this text.

    Where a text must be written that reads like a special token, llguidance would force the token, and then
    refuse it. Nothing is forced in such a grammar.
    """
    written = {match[0] for pattern in _LIKE_SPECIAL for match in pattern.finditer(text)}
    return f"{_NO_FORCING}\n" if any(map(is_special, written)) else ""


def text_of(schema: Mapping[str, Any] | bool) -> str:
    """Serialize the lowered schema as JSON; `InvalidSchema` for one that allows no value."""
    return _json(_definition(schema))


def _grammar_of_text(constraint: TextConstraint, is_special: IsSpecial) -> str:
    definition = constraint.definition
    options = _options(definition, is_special)
    match constraint.kind:
        case "regex":
            grammar: str = LLMatcher.grammar_from_regex(definition)
            return options + json.loads(grammar)["grammars"][0]["lark_grammar"] if options else grammar
        case "choice":
            choices = " | ".join(map(_literal, json.loads(definition)))
            # one lexeme: a row of the parser holds few rules
            return f"{options}start: CHOICE\nCHOICE: {choices}"
        case "lark":
            lark_text.check(definition)
            return definition if _OPTIONS in definition else options + definition


def _grammar_of_calls(constraint: CallConstraint, tag_is_special: IsSpecial, is_special: IsSpecial) -> str:
    if not constraint.tools:
        raise refused("there is no tool that a call could name")
    special = tag_is_special(_OPEN)
    opening = _OPEN if special else _literal(_OPEN)
    closing = _CLOSE if tag_is_special(_CLOSE) else _literal(_CLOSE)
    tools = [_tool(index, tool) for index, tool in enumerate(constraint.tools)]
    written = "".join([*tools, "" if special else opening, "" if closing == _CLOSE else closing])
    rules = [_options(written, is_special).strip() or f"{_OPTIONS} {{}}"]
    if not is_free_text(constraint):
        more = ' ("\\n" call)*' if constraint.parallel else ""
        response = None if constraint.required else constraint.response
        rules.append(f"start: call{more}{'' if response is None else ' | response'}")
        rules.append(f'call: {opening} "\\n" body "\\n" {closing}')
        if response is not None:
            rules.append(f"response: {_embedded(_definition(response.schema))}")
    else:
        rules += _calls_in_text(constraint.parallel, special, closing, tag_is_special)
    rules.append("body: " + " | ".join(f"tool{index}" for index in range(len(constraint.tools))))
    return "\n".join([*rules, *tools]) + "\n"


def _calls_in_text(parallel: bool, special: bool, closing: str, is_special: IsSpecial) -> list[str]:
    """Return the rules for free text in which calls may stand; without `parallel` a call ends it."""
    thoughts = [tag for tag in _THOUGHT if is_special(tag)]
    pieces = [*(["call"] if parallel else []), *(["thought"] if thoughts else [])]
    repeated = f"({' | '.join(pieces)})* " if pieces else ""
    rules = [f"start: {repeated}{'TEXT' if parallel else '(TEXT | call)'}"]
    if thoughts:
        rules.append(f"thought: TEXT ({' | '.join(thoughts)})")
    rules.append(f'call: open "\\n" body "\\n" {closing}')
    rules.append(f"open: TEXT {_OPEN} | written" if special else "open: written")
    rules.append(f"written[lazy]: TEXT {_literal(_OPEN)}")
    rules.append(_TEXT)
    return rules


def _tool(index: int, tool: CallableTool) -> str:
    head = _literal(f'{{"name": {json.dumps(tool.name, ensure_ascii=False)}, "arguments": ')
    arguments = _embedded(arguments_schema(tool))
    return f'tool{index}: {head} arguments{index} "}}"\narguments{index}: {arguments}'


def arguments_schema(tool: CallableTool) -> Mapping[str, Any]:
    """Return the schema of a tool's arguments, which are always an object."""
    try:
        definition = _definition(tool.parameters)
    except InvalidSchema as error:
        raise of_tool(tool, error) from error
    types = definition.get("type", "object")
    if types != "object" and "object" not in types:
        raise of_tool(tool, refused("arguments are an object, and its schema allows none"))
    return {**definition, "type": "object"}


def of_tool(tool: CallableTool, error: InvalidSchema) -> InvalidSchema:
    """Return the error of one tool, with its name."""
    reason = str(error).removeprefix(REFUSED)
    return refused(f"tool {tool.name!r}: {reason}")


def _definition(schema: Mapping[str, Any] | bool) -> Mapping[str, Any]:
    """Return the schema as an object; `InvalidSchema` for one that allows no value."""
    if schema is False:
        raise refused("the schema false allows no value")
    return {} if schema is True else schema


def _embedded(definition: Mapping[str, Any]) -> str:
    return "%json " + _json({**definition, "x-guidance": JSON_OPTIONS})


def _json(value: Any) -> str:
    """Serialize a value with its tags as they are, and half pairs escaped: llguidance refuses these."""
    return json.dumps(value).replace("\\uff5c", "｜")


def _literal(text: str) -> str:
    """Return the text as a string of Lark, whose lexer takes no raw control characters."""
    return json.dumps(text).replace("\x7f", "\\u007f")
