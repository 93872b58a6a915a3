"""A loop ends an attempt early, and the best answer decides the error of the run."""

from typing import Any

import pytest

from structgen.engines.fake import FakeEngine, Reply
from structgen.errors import Incomplete, Unsatisfied
from structgen.generator import Generator
from structgen.schema import Schema
from structgen.schema.declared_sizes import DeclaredSizes, declared_sizes
from structgen.strategies.loop_detection import LoopDetector
from structgen.strategies.result import Result
from structgen.strategies.task import Task
from structgen.types import Sampling

ANY = Schema.parse({"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]})


async def run(replies: list[str | Reply], **fields: Any) -> tuple[Result, FakeEngine]:
    """Return the result of a task on an engine with these replies."""
    engine = FakeEngine(replies, cycle=False)
    task = Task(**{"schema": ANY, "document": "the document", **fields})
    return await Generator(engine).run(task), engine


ROWS = '{"a":1,"rows":['
LOOPS = {
    "digits": ("4" * 4000, "digits"),
    "a group of digits": ('{"a":1.' + "142857" * 600, "digits"),
    "text": ('{"a":"' + "na " * 1400, "text"),
    "text with escapes": ('{"a":"' + r"\n\"x\"" * 900, "text"),
    "white space": ('{"a":1,' + "\n" * 4000, "whitespace"),
    "numbers of a list": (ROWS + "0," * 2000, "items"),
    "objects of a list": (ROWS + '{"name":"Bolt","price":1.5},' * 300, "items"),
    "two objects by turns": (ROWS + '{"x":1},{"y":[2,3]},' * 300, "items"),
    "brackets": ("[" * 20_000, "nesting"),
    "nulls": (ROWS + "null," * 1000, "items"),
}


@pytest.mark.parametrize(("text", "kind"), LOOPS.values(), ids=LOOPS)
async def test_a_loop_ends_the_attempt_early_by_its_name(text: str, kind: str) -> None:
    """A loop ends the generation long before its budget, and the account and the error name the loop."""
    engine = FakeEngine([Reply(text, "length")])
    with pytest.raises(Incomplete, match=f"loop: {kind}") as caught:
        await Generator(engine).run(Task(ANY, document="the document"))
    attempt = caught.value.attempts[0]
    assert engine.cancelled == 1
    assert attempt.usage.completion_tokens < len(text) // 8
    assert (attempt.status, [v.keyword for v in attempt.violations]) == ("incomplete", ["loop"])
    assert attempt.violations[0].pointer == caught.value.cut_at


LEGITIMATE = {
    "a ruler": '{"a":1,"b":"' + "=" * 400 + '"}',
    "a third": '{"a":1,"b":0.3333333333333333}',
    "a large round number": '{"a":1' + "0" * 38 + "}",
    "thirty equal rows": ROWS + ",".join(['{"name":"Bolt","price":1.5}'] * 30) + "]}",
    "a refrain": '{"a":1,"b":"' + "We will, we will rock you. " * 15 + '"}',
    "rows that differ": ROWS + ",".join(f'{{"name":"Bolt","n":{n}}}' for n in range(300)) + "]}",
    "indentation": "{" + "\n" + " " * 120 + '"a":1}',
}


@pytest.mark.parametrize("text", LEGITIMATE.values(), ids=LEGITIMATE)
async def test_repetitive_text_is_not_a_loop(text: str) -> None:
    """Rulers, refrains and equal rows are read to their end."""
    schema = Schema.parse({"type": "object"})
    result, _ = await run([text], schema=schema)
    assert result.attempts[0].status == "valid"


@pytest.mark.parametrize(
    ("text", "document"),
    [
        pytest.param(ROWS + ",".join(["0"] * 500) + "]}", "0 " * 500, id="zeros of the document"),
        pytest.param('{"a":1,"b":"' + "-" * 1500 + '"}', f"a\n{'-' * 1500}\nb", id="a ruler of the document"),
        pytest.param('{"a":1,"b":"' + r"\n" * 900 + '"}', "x" + "\n" * 900, id="empty lines of the document"),
        pytest.param(
            ROWS + ",".join(['{"item":"Nail","price":0.1}'] * 90) + "]}", "Nail 0.10\n" * 90, id="equal rows"
        ),
    ],
)
async def test_what_the_document_repeats_may_be_repeated(text: str, document: str) -> None:
    """The limits of loop detection grow with the repetitions in the caller's texts."""
    schema = Schema.parse({"type": "object"})
    result, _ = await run([text], schema=schema, document=document)
    assert result.attempts[0].status == "valid"
    with pytest.raises(Incomplete, match="loop"):
        await run([text], schema=schema, document="another one")


async def test_what_the_schema_bounds_itself_may_be_repeated() -> None:
    """A list of 200 zeros is not a loop where the schema asks for 200."""
    text = "[" + ",".join(["0"] * 200) + "]"
    zeros = {"type": "array", "items": {"type": "integer"}, "minItems": 200}
    result, _ = await run([text], schema=Schema.parse(zeros))
    assert result.data == [0] * 200


async def test_a_sampled_loop_gets_another_attempt_and_a_greedy_one_does_not() -> None:
    """A sampled answer that loops is retried; a greedy one would loop again."""
    replies: list[str | Reply] = [Reply("[" * 3000, "length"), '{"a":1}']
    result, _ = await run(replies, sampling=Sampling(temperature=0.5))
    assert [a.status for a in result.attempts] == ["incomplete", "valid"]
    with pytest.raises(Incomplete):
        await run(replies)


async def test_a_whole_answer_with_violations_beats_a_cut_one() -> None:
    """After a finished answer, a cut one raises `Unsatisfied` with the finished answer's violations."""
    replies: list[str | Reply] = ['{"a":"x"}', '{"a":"y"}', Reply('{"a":', "length")]
    with pytest.raises(Unsatisfied, match="cut the last one") as caught:
        await run(replies)
    error = caught.value
    assert (error.last, [v.pointer for v in error.violations]) == ({"a": "y"}, ["/a"])
    assert [a.status for a in error.attempts] == ["violations", "violations", "incomplete"]


async def test_an_answer_that_is_json_beats_one_that_is_not() -> None:
    """`Unsatisfied` has the last answer that is JSON."""
    with pytest.raises(Unsatisfied, match="1 violation") as caught:
        await run(['{"a":"x"}', "no JSON at all", "none again"])
    assert caught.value.last == {"a": "x"}


async def test_a_loop_after_a_whole_answer_is_the_reason() -> None:
    """A loop after a finished answer is the reason of `Unsatisfied`, with the finished answer's violations."""
    with pytest.raises(Unsatisfied, match="loop: nesting") as caught:
        await run(['{"a":"x"}', Reply("[" * 3000, "length")])
    assert caught.value.last == {"a": "x"}


def test_the_bounds_of_a_schema_are_read_wherever_they_stand() -> None:
    """The extent of a schema includes bounds in choices, patterns and definitions."""
    schema = {
        "properties": {"a": {"$ref": "#/$defs/x"}, "b": {"type": "array", "maxItems": 5_000}},
        "$defs": {"x": {"pattern": "^[a-z]{2,7000}$"}, "y": {"maximum": 10**80}, "z": {"minimum": 1e-7}},
    }
    assert declared_sizes(schema) == DeclaredSizes(digits=81, length=7_000, items=5_000)
    assert declared_sizes({"enum": ["x" * 90, -12]}) == DeclaredSizes(digits=2, length=90, items=2)
    assert declared_sizes(True) == DeclaredSizes()


def test_loop_detection_is_cheap_on_a_long_answer() -> None:
    """Loop detection takes little time on a long answer without a loop."""
    text = '{"rows":[' + ",".join(f'{{"name":"Bolt {n}","n":{n}}}' for n in range(3000)) + "]}"
    detector = LoopDetector("a document", DeclaredSizes())
    assert all(detector.find(text[:end]) is None for end in range(0, len(text), 64))
