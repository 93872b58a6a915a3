"""The prompt format is chosen by the model's name, and can be given."""

import pytest

from structgen.engines.fake import FakeEngine
from structgen.errors import ConfigError
from structgen.generator import Generator
from structgen.prompts import hermes4
from structgen.prompts.selection import FORMATS, format_for, named_format
from structgen.schema import Schema
from structgen.strategies.task import Task
from structgen.types import Conversation, Message


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ("NousResearch/Hermes-4-405B-FP8", "hermes4"),
        ("nousresearch/hermes-4-70b", "hermes4"),
        ("NousResearch/Hermes-4.3-36B", "hermes4"),
        ("/opt/structgen-demo-8m", "hermes4"),
        ("NousResearch/Hermes-4-14B", "chatml"),
        ("qwen3:4b", "chatml"),
        ("an-unknown-model", "plain"),
        ("", "plain"),
    ],
)
def test_a_models_name_chooses_the_format(model: str, name: str) -> None:
    """Hermes 4 has its formats by size, Qwen has ChatML, and unknown models have plain text."""
    assert format_for(model) is FORMATS[name] is named_format(name)


def test_an_unknown_format_is_refused() -> None:
    """The name of an unknown format raises `ConfigError` with the names that there are."""
    with pytest.raises(ConfigError, match=r"did you mean 'hermes4'.*chatml, hermes4, plain"):
        named_format("hermes-4")


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_has_the_names_of_the_contract(name: str) -> None:
    """A format writes the schema into its system turn, and renders the caller's text apart from its markup."""
    prompt_format = FORMATS[name]
    assert '{"type":"integer"}' in prompt_format.system('{"type":"integer"}')
    assert prompt_format.THINKING
    assert prompt_format.MODELS.search("qwen, hermes-4 or another")
    segments = prompt_format.render(Conversation((Message("user", "hello"),)))
    assert "hello" in [segment.text for segment in segments if not segment.markup]
    assert prompt_format.DEFAULT_SYSTEM in "".join(segment.text for segment in segments)


async def test_a_generator_takes_a_format() -> None:
    """The system turn comes from the format that the caller gives."""

    class Terse:
        MODELS = hermes4.MODELS
        DEFAULT_SYSTEM = hermes4.DEFAULT_SYSTEM
        THINKING = hermes4.THINKING
        render = staticmethod(hermes4.render)

        def system(self, schema: str, /) -> str:
            return f"JSON: {schema}"

    engine = FakeEngine(["1"])
    terse = Terse()
    await Generator(engine, prompt_format=terse).run(Task(Schema.parse(int), document="one"))
    assert str(getattr(engine.requests[0].prompt.messages[0], "content", "")).startswith("JSON: ")
    assert engine.prompt_format is terse
