"""A call's text gives its name and arguments, or tells what is wrong with it."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from structgen.prompts.parsed_call import ParsedCall, parse_call


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        pytest.param('\n{"name": "f", "arguments": {"b": 1.50, "a": "x"}}\n', '{"b": 1.50, "a": "x"}', id="verbatim"),
        pytest.param('{"arguments":{"name":"g"},"name":"f"}', '{"name":"g"}', id="any order"),
        pytest.param('{"name": "f"}', "{}", id="missing"),
        pytest.param('{"name": "f", "arguments": null}', "{}", id="null"),
        pytest.param('{"name": "f", "arguments": ""}', "{}", id="empty string"),
        pytest.param('{"name": "f", "arguments": {}}', "{}", id="empty"),
        pytest.param('{"name": "f", "arguments": "{\\"a\\": 1}"}', '{"a": 1}', id="object in a string"),
        pytest.param('{"name": "f", "arguments": "Rome"}', '"Rome"', id="string"),
        pytest.param('{"name": "f", "arguments": [1]}', "[1]", id="list"),
        pytest.param('{"name": "f", "parameters": {"a": 1}}', '{"a": 1}', id="Llama 3"),
        pytest.param(
            '{"type": "function", "function": {"name": "f", "arguments": "{\\"a\\":1}"}}', '{"a":1}', id="OpenAI"
        ),
    ],
)  # fmt: skip
def test_arguments_are_json_text(text: str, arguments: str) -> None:
    """Arguments come as they were written, and as `{}` where there are none."""
    assert parse_call(text) == ParsedCall("f", arguments)


@pytest.mark.parametrize(
    ("text", "name", "arguments", "fault"),
    [
        pytest.param('{"name": "f", "arguments": {"a": 1}}}', "f", '{"a": 1}}}', "Extra data", id="extra brace"),
        pytest.param('{"name": "f", "arguments": {"a": "x', "f", '{"a": "x', "Unterminated", id="cut"),
        pytest.param("{name: 'f', arguments: {a: 1}}", "f", "{a: 1}}", "double quotes", id="JavaScript"),
        pytest.param(
            '{"arguments": {"name": "Bob"}, "name": "f",}', "f", '{"name": "Bob"}, "name": "f",}', "double quotes",
            id="name behind arguments",
        ),
        pytest.param('{"name": "f", "arguments": {"a": 1, "a": 2}}', "f", '{"a": 1, "a": 2}}', "duplicate key", id="duplicate"),
        pytest.param('{"arguments": {}}', None, "{}}", "no name", id="no name"),
        pytest.param('{"name": 3}', None, '{"name": 3}', "no name", id="name of another type"),
        pytest.param('[{"name": "f"}]', "f", '[{"name": "f"}]', "an object", id="list"),
        pytest.param("", None, "", "empty", id="empty"),
        pytest.param("f(a=1)", None, "f(a=1)", "not JSON", id="no JSON"),
    ],
)  # fmt: skip
def test_a_malformed_call_tells_its_name_and_fault(
    text: str, name: str | None, arguments: str, fault: str
) -> None:
    """A malformed call gives the best name that can be read, the text to repair, and the fault."""
    call = parse_call(text)
    assert (call.name, call.arguments) == (name, arguments)
    assert fault in str(call.fault)


@settings(deadline=None)
@given(
    st.text(min_size=1), st.dictionaries(st.text(), st.text() | st.integers(-9, 9) | st.none(), max_size=3)
)
def test_every_sound_call_comes_back(name: str, arguments: dict[str, Any]) -> None:
    """Name and arguments of a sound call come back, to the byte."""
    written = json.dumps(arguments, ensure_ascii=False)
    call = parse_call(f'\n{{"name": {json.dumps(name)}, "arguments": {written}}}\n')
    assert call == ParsedCall(name, written)


@settings(deadline=None)
@given(st.text(st.characters() | st.sampled_from('{}":,[]\\') | st.sampled_from("name"), max_size=30))
def test_no_text_raises(text: str) -> None:
    """Any text gives a call, sound or not; a sound one has a name."""
    call = parse_call(text)
    assert call.fault is not None or (call.name and json.loads(call.arguments) is not None)
