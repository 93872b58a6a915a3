"""The prompt format is chosen by the model's name, and can be given."""

from typing import Any

import pytest

from structgen.engines.fake import FakeEngine
from structgen.generator import Generator
from structgen.prompts import hermes4
from structgen.prompts.selection import FORMATS, format_for
from structgen.schema import Schema
from structgen.strategies.task import Task
from structgen.types import Conversation, Message


@pytest.mark.parametrize(
    "model", ["NousResearch/Hermes-4-405B", "/models/hermes-4-70b", "an-unknown-model", ""]
)
def test_hermes_and_unknown_models_have_hermes_4s_format(model: str) -> None:
    """Hermes 4 models, and models that no format names, have Hermes 4's format."""
    assert format_for(model) is hermes4


@pytest.mark.parametrize("prompt_format", FORMATS, ids=lambda module: module.__name__.rpartition(".")[2])
def test_every_format_has_the_names_of_the_contract(prompt_format: Any) -> None:
    """A format writes the schema into its system turn, and renders the caller's text apart from its markup."""
    assert '{"type":"integer"}' in prompt_format.system('{"type":"integer"}')
    assert prompt_format.THINKING
    segments = prompt_format.render(Conversation((Message("user", "hello"),)))
    assert "hello" in [segment.text for segment in segments if not segment.markup]


async def test_a_generator_takes_a_format() -> None:
    """The system turn comes from the format that the caller gives."""

    class Terse:
        MODELS = hermes4.MODELS
        THINKING = hermes4.THINKING
        render = staticmethod(hermes4.render)

        def system(self, schema: str, /) -> str:
            return f"JSON: {schema}"

    engine = FakeEngine(["1"])
    await Generator(engine, prompt_format=Terse()).run(Task(Schema.parse(int), document="one"))
    assert str(getattr(engine.requests[0].prompt.messages[0], "content", "")).startswith("JSON: ")
