"""The Outlines adapter: what its one thread means for those who wait."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from structgen.engines import Constraint, Engine, EngineRequest, open_engine
from structgen.errors import ConfigError, EngineUnavailable, InvalidSchema, Overloaded, PromptTooLong
from structgen.types import Conversation, Message, Sampling

WORD = {
    "type": "object",
    "properties": {"word": {"type": "string", "maxLength": 6}},
    "required": ["word"],
    "additionalProperties": False,
}
SHORT = Constraint(WORD, "short")
LONG = Constraint({"type": "array", "items": {"type": "integer"}, "minItems": 400}, "long")


@pytest_asyncio.fixture
async def engine(random_model: Path) -> AsyncIterator[Engine]:
    """Start an engine in which one generation runs and one may wait."""
    made = open_engine("outlines:transformers", str(random_model), queue=1)
    await made.start()
    yield made
    await made.close()


def ask(constraint: Constraint, text: str = "x", **sampling: Any) -> EngineRequest:
    return EngineRequest(
        Conversation((Message("user", text),)), constraint, Sampling(**{"max_tokens": 40, **sampling})
    )


async def test_one_waits_and_the_next_is_refused(engine: Engine) -> None:
    """The queue's bound counts waiting requests, and not the running one."""
    found = await asyncio.gather(*(engine.complete(ask(SHORT)) for _ in range(3)), return_exceptions=True)
    assert [isinstance(f, Overloaded) for f in found] == [False, False, True]


async def test_a_caller_may_leave(engine: Engine) -> None:
    """A cancelled caller returns at once while its thread runs on, and the next request is served."""
    await engine.complete(ask(LONG, max_tokens=2))
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(engine.complete(ask(LONG, max_tokens=300)), 0.2)
    assert time.monotonic() - began < 1
    assert (await engine.complete(ask(SHORT))).finish == "stop"


async def test_closing_ends_all(engine: Engine) -> None:
    """Closing the engine ends running and waiting requests with `EngineUnavailable`."""
    tasks = [asyncio.ensure_future(engine.complete(ask(LONG, max_tokens=600))) for _ in range(2)]
    await asyncio.sleep(0.3)
    await engine.close()
    found = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(f) for f in found] == [EngineUnavailable] * 2


async def test_a_prompt_beyond_the_context_is_refused(engine: Engine) -> None:
    """A prompt beyond a transformers model's context is refused."""
    with pytest.raises(PromptTooLong):
        await engine.complete(ask(SHORT, "the quick brown fox " * 1500))


async def test_a_cut_number_has_the_finish_length(engine: Engine) -> None:
    """A number that the budget cut has the finish `length`, though its digits are JSON."""
    number = Constraint({"type": "integer", "minimum": 10**15}, "number")
    assert (await engine.complete(ask(number, max_tokens=17))).finish == "length"


async def test_the_schema_false_is_refused(engine: Engine) -> None:
    """The schema `false` is refused, and not treated as a schema without limits."""
    with pytest.raises(InvalidSchema):
        await engine.complete(ask(Constraint(False, "false")))


async def test_a_seed_does_not_outlast_its_request(engine: Engine) -> None:
    """A request without a seed is not affected by the seed of an earlier one."""
    texts = set()
    for _ in range(3):
        await engine.complete(ask(SHORT, temperature=1.0, seed=1))
        texts.add((await engine.complete(ask(SHORT, temperature=1.0))).text)
    assert len(texts) > 1


def test_a_prompt_that_the_backend_makes_holds_no_special_token_of_the_callers() -> None:
    """Special tokens in a text are broken up for backends that render prompts; tool results are user turns."""
    from structgen.engines.outlines.model_kinds import Opened

    chat = Opened(None).prompt(Conversation((Message("user", "a <|eot_id|> b"), Message("tool", "5"))))
    assert chat.messages == [
        {"role": "user", "content": "a <\u200b|eot_id|> b"},
        {"role": "user", "content": "<tool_response>\n5\n</tool_response>"},
    ]


async def test_what_llama_cpp_says_of_its_context_is_a_prompt_too_long(engine: Engine) -> None:
    """The numbers come from the message of llama.cpp's binding."""

    def refusing(*_: Any, **__: Any) -> str:
        raise ValueError("Requested tokens (9000) exceed context window of 4096")

    engine._generator = lambda *_: refusing  # type: ignore[attr-defined]
    with pytest.raises(PromptTooLong) as caught:
        await engine.complete(ask(SHORT))
    assert (caught.value.tokens, caught.value.allowed) == (9000, 4095)


async def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    """Every error of a backend's loader becomes a `ConfigError`."""
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(ConfigError, match=f"{tmp_path}.*--model"):
        await open_engine("outlines:transformers", str(tmp_path)).start()
