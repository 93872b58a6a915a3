"""What stands around a value: prose, spare brackets, or rows that belong to a container and are lost."""

import pytest

from structgen.parsing.extraction.left_out import enclosed_range, left_out


def account(text: str, *values: str) -> tuple[list[tuple[str, str]], list[tuple[str, bool]]]:
    """Return the kinds and texts of the fixes around the values, and the dropped texts."""
    spans, at = [], 0
    for value in values:
        at = text.index(value, at)
        spans.append((at, at + len(value)))
        at += len(value)
    fixes, dropped = left_out(text, spans, enclosed_range(text, spans))
    return [(fix.kind, text[fix.start : fix.end]) for fix in fixes], [(d.text, d.is_loss) for d in dropped]


@pytest.mark.parametrize(
    ("text", "fixes"),
    [
        ('So: {"a": 1}. See [1] for {more}.', [("prose", "So: "), ("prose", ". See [1] for {more}.")]),
        ('{"a": 1}\n\nThe note: a } stands here', [("prose", "\n\nThe note: a } stands here")]),
        ('{"a": 1}, which is right', [("prose", ", which is right")]),
        ('{"a": 1}]},', [("bracket", "]},")]),
        ('In {x, {"a": 1}', [("prose", "In {x, ")]),
    ],
)
def test_text_outside_is_prose_or_spare_brackets(text: str, fixes: list[tuple[str, str]]) -> None:
    """Sentences are prose, whatever brackets they have; closing brackets alone are spare."""
    assert account(text, '{"a": 1}') == (fixes, [])


@pytest.mark.parametrize(
    ("text", "dropped"),
    [
        ('[{"a": 1}]}, {"b": 2}]', [('{"b": 2}]', True)]),
        ('{"a": 1}, "b": 2}', [('"b": 2}', True)]),
        ('{"a": 1}}5}', [("5}", True)]),
        ('{"a": 1} oops}', [("oops}", False)]),
        ('{"x": 0, {"a": 1}', [('{"x": 0,', True)]),
        ('[{"c": 3}, {"a": 1}', [('[{"c": 3},', True)]),
    ],
)
def test_a_part_of_a_container_is_dropped(text: str, dropped: list[tuple[str, bool]]) -> None:
    """Rows and members within brackets that do not pair, or after a comma, are lost; a stray word is not."""
    fixes, lost = account(text, '{"a": 1}')
    assert lost == dropped
    assert "prose" not in {kind for kind, _ in fixes}


def test_text_between_values_within_a_container_is_dropped() -> None:
    """Between values of a container that could not be read, nothing is prose."""
    fixes, lost = account('[{"a": 1}, {word{"a": 1}]', '{"a": 1}', '{"a": 1}')
    assert lost == [("{word", True)]
    assert {kind for kind, _ in fixes} == {"bracket"}


def test_a_sentence_after_lost_rows_is_prose() -> None:
    """The lost rows end with their last bracket; words after it are prose again."""
    fixes, lost = account('[{"a": 1}]}, {"b": 2}] is it', '{"a": 1}')
    assert lost == [('{"b": 2}]', True)]
    assert fixes[-1] == ("prose", " is it")
