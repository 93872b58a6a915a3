"""dspy: its chat and JSON adapters, native tools, streams and errors."""

from __future__ import annotations

import asyncio
from typing import Any, Literal

import dspy
from driver import LONG, WRONG_KEY, cell, first_with, refused
from dspy_calls import KNOWN, lm
from shapes import PROMPT, Note, Person


class Read(dspy.Signature):
    """Read who is meant."""

    text: str = dspy.InputField()
    person: Person = dspy.OutputField()


class Rate(dspy.Signature):
    """Make a note of a text."""

    text: str = dspy.InputField()
    note: Note = dspy.OutputField()
    mood: Literal["good", "bad"] = dspy.OutputField()


def read(model: Any, adapter: Any) -> dict[str, Any]:
    with dspy.context(lm=model, adapter=adapter):
        person = dspy.Predict(Read)(text=PROMPT).person
    return {"data": person.model_dump(mode="json"), "shape": "person"}


@cell("text", "lm")
def text() -> dict[str, Any]:
    return {"text": lm(max_tokens=24)(PROMPT)[0], "finish": ""}


@cell("typed", "json_adapter")
def typed() -> dict[str, Any]:
    return read(lm(KNOWN), dspy.JSONAdapter())


@cell("typed", "responses")
def typed_responses() -> dict[str, Any]:
    return read(lm(KNOWN, model_type="responses"), dspy.JSONAdapter())


@cell("typed", "chat_adapter")
def typed_chat(url: str) -> dict[str, Any]:
    return read(lm(url=url), dspy.ChatAdapter())


@cell("typed", "literal")
def typed_literal() -> dict[str, Any]:
    with dspy.context(lm=lm(KNOWN), adapter=dspy.JSONAdapter()):
        answer = dspy.Predict(Rate)(text=PROMPT)
    assert answer.mood in ("good", "bad")
    return {"data": answer.note.model_dump(), "shape": "note"}


def stars(city: Literal["Turin", "Oslo"], bright: bool) -> str:
    """Tell which stars are seen over a city."""
    return "Vega"


class Act(dspy.Signature):
    """Call the tools that help."""

    text: str = dspy.InputField()
    tools: list[dspy.Tool] = dspy.InputField()
    calls: dspy.ToolCalls = dspy.OutputField()


@cell("tools", "native")
def native_tools() -> dict[str, Any]:
    adapter = dspy.ChatAdapter(use_native_function_calling=True)

    def attempt(seed: int) -> Any:
        with dspy.context(lm=lm(KNOWN, seed=seed, temperature=1, max_tokens=200), adapter=adapter):
            try:
                made = dspy.Predict(Act)(text=PROMPT, tools=[dspy.Tool(stars)]).calls
            except dspy.AdapterParseError:  # a text instead of a call
                return None
        return made.tool_calls if made and made.tool_calls else None

    calls = [{"id": "-", "name": call.name, "arguments": call.args} for call in first_with(attempt)]
    return {"calls": calls}


@cell("stream", "json_adapter")
def stream() -> dict[str, Any]:
    async def run() -> tuple[int, Any]:
        pieces, answer = 0, None
        async for piece in dspy.streamify(dspy.Predict(Read))(text=PROMPT):
            if isinstance(piece, dspy.Prediction):
                answer = piece
            else:
                pieces += 1
        return pieces, answer

    with dspy.context(lm=lm(KNOWN), adapter=dspy.JSONAdapter()):
        pieces, answer = asyncio.run(run())
    return {"data": answer.person.model_dump(mode="json"), "shape": "person", "pieces": pieces}


@cell("usage", "lm")
def usage() -> dict[str, Any]:
    with dspy.context(lm=lm(KNOWN), adapter=dspy.JSONAdapter(), track_usage=True):
        (counts,) = dspy.Predict(Read)(text=PROMPT).get_lm_usage().values()
    return {"usage": counts}


@cell("sampling", "seed")
def seeded() -> dict[str, Any]:
    first, second = (lm(seed=7, temperature=1, max_tokens=24)(PROMPT)[0] for _ in range(2))
    return {"first": first, "second": second}


@cell("sampling", "n")
def several() -> dict[str, Any]:
    with dspy.context(lm=lm(KNOWN), adapter=dspy.JSONAdapter()):
        notes = dspy.Predict(Rate, n=2)(text=PROMPT).completions.note
    return {"choices": [note.model_dump() for note in notes], "shape": "note"}


@cell("errors", "long")
def too_long() -> dict[str, Any]:
    return refused(lambda: lm()(LONG), dspy.LMError)


@cell("errors", "key")
def wrong_key() -> dict[str, Any]:
    return refused(lambda: lm(key=WRONG_KEY)(PROMPT), dspy.LMError)


@cell("length", "json_adapter")
def cut() -> dict[str, Any]:
    with dspy.context(lm=lm(KNOWN, max_tokens=4), adapter=dspy.JSONAdapter()):
        return refused(lambda: dspy.Predict(Read)(text=PROMPT), dspy.AdapterParseError, dspy.LMError)
