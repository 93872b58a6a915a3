"""Properties of a repair's account: no word is lost in silence, and fixes and changes are consistent."""

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import jsonpatch
import pytest
from damaged_texts import (
    CONTAINERS,
    OBJECTS,
    PROSE,
    STRUCTURAL_TEXTS,
    damaged_texts,
    json_texts,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from repaired_words import inside_brackets, unaccounted, words, words_of_value

import structgen
from structgen.parsing.incremental.partial_json import parse_partial
from structgen.parsing.pipeline import repair_by_rules
from structgen.schema import Schema
from structgen.types import RISKS

PROPERTY = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
OBJECT_SCHEMA = Schema.parse(
    {"type": "object", "properties": {"a": {"type": "integer"}, "name": {"type": "string"}}}
)
ARRAY_SCHEMA, STRING_SCHEMA = Schema.parse({"type": "array"}), Schema.parse({"type": "string"})


def canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


@given(damaged_texts() | STRUCTURAL_TEXTS)
@PROPERTY
def test_every_word_within_the_brackets_is_named(text: str) -> None:
    """Every word within the outermost brackets stands in the value, a fix, a change, or `dropped`."""
    result = repair_by_rules(text, on_loss="accept")
    if result.status != "failed":
        assert unaccounted(text, result) == Counter()


@given(damaged_texts(), st.sampled_from([OBJECT_SCHEMA, ARRAY_SCHEMA]))
@PROPERTY
def test_every_word_is_named_under_a_schema(text: str, schema: Schema) -> None:
    """Under a schema, every word stands there too, or in the value before the changes."""
    result = repair_by_rules(text, schema, on_loss="accept")
    if result.status != "failed":
        assert unaccounted(text, result) - words_of_value(result.parsed) == Counter()


@given(json_texts())
@PROPERTY
def test_valid_json_has_an_empty_account(text: str) -> None:
    """Valid JSON is unchanged: no fix, no change, nothing dropped, no alternative."""
    result = structgen.repair(text)
    assert (result.status, canonical(result.value)) == ("unchanged", canonical(json.loads(text)))
    account = result.fixes, result.changes, result.dropped, result.alternatives
    assert account == ((), (), (), ())


@given(damaged_texts(), st.sampled_from([OBJECT_SCHEMA, ARRAY_SCHEMA, STRING_SCHEMA]))
@PROPERTY
def test_the_changes_lead_from_what_was_read_to_the_result(text: str, schema: Any) -> None:
    """The changes, applied to `parsed` as a JSON Patch, give the repaired value of a damaged text."""
    result = repair_by_rules(text, schema, on_loss="accept")
    if result.parsed is not None:
        operations = [change.to_json() for change in result.changes]
        assert canonical(jsonpatch.apply_patch(result.parsed, operations)) == canonical(result.value)


@given(damaged_texts() | STRUCTURAL_TEXTS)
@PROPERTY
def test_fixes_and_dropped_texts_lie_within_the_text(text: str) -> None:
    """Ranges lie within the text, a dropped text is the text of its range, and a failure has a violation."""
    result = structgen.repair(text)
    for fix in result.fixes:
        assert 0 <= fix.start <= fix.end <= len(text)
        assert fix.risk in RISKS
    for lost in result.dropped:
        assert 0 <= lost.start < lost.end <= len(text)
        assert lost.text
    assert (result.status == "failed") == bool(result.violations)
    assert result.status != "unchanged" or not (result.fixes or result.dropped)


@given(json_texts(), st.floats(0, 1, exclude_max=True))
@PROPERTY
def test_a_cut_text_keeps_every_complete_member(text: str, place: float) -> None:
    """The prefix of a valid text keeps the members before the cut, and says where the text was cut."""
    cut = text[: 1 + int(place * (len(text) - 1))]
    result = structgen.repair(cut)
    assert result.status == ("unchanged" if cut == text else "repaired")
    assert holds(result.value, parse_partial(cut).value)
    assert not result.dropped


def holds(value: Any, members: Any) -> bool:
    """Whether a value holds all the members, each in its place."""
    if isinstance(members, dict):
        return isinstance(value, dict) and all(k in value and holds(value[k], v) for k, v in members.items())
    if isinstance(members, list):
        return isinstance(value, list) and len(value) >= len(members) and all(map(holds, value, members))
    return canonical(value) == canonical(members)


@given(damaged_texts())
@PROPERTY
def test_lossless_keeps_the_words(text: str) -> None:
    """A lossless repair has the words of the text, without those of the ranges that its fixes replace."""
    result = structgen.repair(text, max_risk="lossless")
    rewritten = {"comment", "fence", "call", "literal", "number", "escape", "quotes", "concatenation"}
    if result.status != "repaired" or any(fix.kind in rewritten for fix in result.fixes):
        return
    assert (result.alternatives, result.dropped) == ((), ())
    assert words_of_value(result.value) == words(inside_brackets(text) or text)


@given(PROSE, CONTAINERS, PROSE, st.sampled_from(["```json\n", "```\n", "```JSON\n"]))
@PROPERTY
def test_a_fence_in_prose_gives_exactly_its_value(before: str, value: Any, after: str, fence: str) -> None:
    """JSON in a fence between sentences comes back as it is; the sentences are prose."""
    text = f"{before}\n{fence}{json.dumps(value, indent=2)}\n```\n{after}"
    result = structgen.repair(text)
    assert canonical(result.value) == canonical(value)
    assert {fix.kind for fix in result.fixes} == {"prose", "fence"}
    assert not result.dropped


@given(PROSE, OBJECTS, st.sampled_from(["\n", "\n\n", " The answer is ", " Final answer:\n"]))
@PROPERTY
def test_an_object_after_prose_gives_exactly_its_value(before: str, value: Any, separator: str) -> None:
    """An object after sentences with quotes, brackets and numbers is the value, not what stands in them."""
    result = structgen.repair(f"{before}{separator}{json.dumps(value)}")
    assert canonical(result.value) == canonical(value)
    assert {fix.kind for fix in result.fixes} == {"prose"}
    assert not result.dropped


@given(st.lists(OBJECTS, min_size=2, max_size=6), st.sampled_from(["\n", "\r\n", "\n\n", ",\n"]))
@PROPERTY
def test_json_lines_give_every_row(rows: list[Any], separator: str) -> None:
    """The objects of JSON Lines are the items of one list, in their order."""
    result = structgen.repair(separator.join(map(json.dumps, rows)))
    assert (result.status, canonical(result.value)) == ("repaired", canonical(rows))


@given(st.lists(OBJECTS, min_size=4, max_size=6), st.data())
@PROPERTY
def test_a_faulty_line_spoils_no_other(rows: list[Any], data: st.DataObject) -> None:
    """A line without its last bracket loses nothing, and the other lines stay."""
    lines = [json.dumps(row) for row in rows]
    faulty = data.draw(st.integers(0, len(lines) - 1))
    lines[faulty] = lines[faulty][:-1]
    result = structgen.repair("\n".join(lines))
    assert len(result.value) == len(rows)
    others = [row for index, row in enumerate(rows) if index != faulty]
    assert canonical([row for index, row in enumerate(result.value) if index != faulty]) == canonical(others)


@given(OBJECTS)
@PROPERTY
def test_an_escaped_text_gives_its_value(value: Any) -> None:
    """A text that was escaped once or twice gives the value, with one fix over the whole text."""
    text = json.dumps(value)
    for _ in range(2):
        text = json.dumps(text)[1:-1]
        result = structgen.repair(text)
        assert canonical(result.value) == canonical(value)
        assert [fix.kind for fix in result.fixes] == ["escape"]


@given(st.lists(damaged_texts() | STRUCTURAL_TEXTS, min_size=50, max_size=50))
@settings(PROPERTY, max_examples=5, suppress_health_check=list(HealthCheck))
def test_threads_share_no_state(texts: list[str]) -> None:
    """Fifty texts at once, each in a thread, give the results that they give alone; none raises."""
    with ThreadPoolExecutor(50) as threads:
        at_once = list(threads.map(structgen.repair, texts))
    assert list(map(canonical, map(body, at_once))) == list(
        map(canonical, map(body, map(structgen.repair, texts)))
    )


def body(result: Any) -> Any:
    return result.to_json()


@pytest.mark.parametrize("text", ['{"a": "lost"', '{"a" "b"}', "[1 2 3]", '[{"a": 1}, {"a" 2}]'])
def test_the_words_of_small_faults_are_in_the_value(text: str) -> None:
    """A missing mark loses no word at all."""
    assert words_of_value(structgen.repair(text).value) == words(text)
