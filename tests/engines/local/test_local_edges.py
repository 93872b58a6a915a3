"""The local engine where requests meet: slots taken again, queues, compiles, faults."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import torch

from structgen.engines import Constraint, EngineRequest
from structgen.engines.local import LocalEngine
from structgen.errors import ConfigError, EngineFailed, EngineUnavailable, InvalidSchema, Overloaded
from structgen.types import Completion, Conversation, Message, Sampling

Open = Callable[..., Awaitable[LocalEngine]]
LONG = Constraint({"type": "array", "items": {"type": "integer"}, "minItems": 400}, "long")


@pytest_asyncio.fixture
async def opened(random_model: Path) -> Any:
    """Opens engines that end with the test."""
    async with AsyncExitStack() as stack:

        async def start(**options: Any) -> LocalEngine:
            engine = LocalEngine(random_model, **{"slots": 1, "queue": 2, "threads": 1, **options})
            await engine.start()
            stack.push_async_callback(engine.close)
            return engine

        yield start


def ask(text: str, constraint: Constraint | None = None, **sampling: Any) -> EngineRequest:
    chosen = Sampling(**{"max_tokens": 40, **sampling})
    return EngineRequest(Conversation((Message("user", text),)), constraint, chosen)


def words(count: int) -> Constraint:
    return Constraint({"enum": [f"v{i:06}" for i in range(count)]}, f"words {count}")


async def test_a_slot_keeps_nothing_of_the_request_before(opened: Open) -> None:
    """A used slot gives the same answer as a fresh one."""
    used, fresh = await opened(), await opened()
    await used.complete(ask("secret " * 50))
    assert (await used.complete(ask("hello"))).text == (await fresh.complete(ask("hello"))).text


async def test_the_queue_is_bounded_after_a_grammar_compiled(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of twenty requests that waited for one grammar, nearly all are refused."""
    engine, prepared, all_prepared = await opened(), list[Any](), asyncio.Event()
    make_job = engine._job

    async def wait_for_all(*arguments: Any) -> Any:
        job = await make_job(*arguments)
        prepared.append(job)
        if len(prepared) == 20:
            all_prepared.set()
        await all_prepared.wait()
        return job

    monkeypatch.setattr(engine, "_job", wait_for_all)
    found = await asyncio.gather(
        *(engine.complete(ask("x", words(20_000))) for _ in range(20)), return_exceptions=True
    )
    completed = sum(isinstance(f, Completion) for f in found)
    assert 3 <= completed <= 10  # the first ones may end before the last ones are submitted
    assert sum(isinstance(f, Overloaded) for f in found) == 20 - completed


async def test_a_cancelled_request_leaves_the_queue(opened: Open) -> None:
    """A cancelled request leaves the queue while the running one goes on."""
    engine = await opened()
    tasks = [asyncio.ensure_future(engine.complete(ask("x", LONG, max_tokens=3000))) for _ in range(3)]
    for _ in range(200):
        await asyncio.sleep(0.01)
        if (await engine.health()).waiting == 2:
            break
    for task in tasks[1:]:
        task.cancel()
    for _ in range(200):
        await asyncio.sleep(0.01)
        if (await engine.health()).waiting == 0:
            break
    health = await engine.health()
    assert (health.running, health.waiting) == (1, 0)
    tasks[0].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_closing_ends_what_compiles(opened: Open) -> None:
    """Closing the engine ends requests whose grammar compiles with `EngineUnavailable`."""
    engine = await opened()
    tasks = [asyncio.ensure_future(engine.complete(ask("x", words(60_000 + i)))) for i in range(4)]
    await asyncio.sleep(0.05)
    await engine.close()
    found = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(f) for f in found] == [EngineUnavailable] * 4


async def test_a_grammar_that_fails_on_the_way_is_the_schemas_fault(opened: Open) -> None:
    """A grammar that fails during decoding is an `InvalidSchema`, also after forced tokens."""
    deep = {"type": "object", "properties": {"a": {"type": "string", "pattern": "(a|b|c)?" * 3000}}}
    engine = await opened()
    schema = {**deep, "required": ["a"], "additionalProperties": False}
    with pytest.raises(InvalidSchema):
        await engine.complete(ask("x", Constraint(schema, "deep")))


async def test_a_prompt_is_tokenized_while_the_event_loop_runs(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tokenizer works in another thread: the event loop gets its turn before it ends."""
    engine, loop_ran = await opened(), threading.Event()
    encode, order = engine.encoder.encode, list[str]()

    def wait_and_encode(*arguments: Any) -> list[int]:
        order.append("loop ran" if loop_ran.wait(20) else "loop was held")
        return encode(*arguments)

    monkeypatch.setattr(engine.encoder, "encode", wait_and_encode)
    task = asyncio.ensure_future(engine.complete(ask("the quick brown fox")))
    await asyncio.sleep(0)  # the task starts first
    asyncio.get_running_loop().call_later(0.05, loop_ran.set)
    await task
    assert order == ["loop ran"]


async def test_an_error_in_the_loop_ends_its_requests(opened: Open) -> None:
    """After an error in the loop the request fails, and the next one is served."""
    engine = await opened()
    before = engine._loop.prefixes
    engine._loop.prefixes = []
    with pytest.raises(EngineFailed):
        await asyncio.wait_for(engine.complete(ask("x")), 10)
    engine._loop.prefixes = before
    assert (await engine.complete(ask("x"))).finish == "length"


ODD: list[dict[str, Any]] = [
    {"max_tokens": 0},
    {"temperature": 1e-39, "seed": 1},
    {"temperature": 1e-46},
    {"temperature": 1e-5, "seed": 1},
    {"temperature": 1.0, "top_p": 1e-50},
    {"temperature": 5, "top_p": 5e-324, "top_k": 1},
]


@pytest.mark.parametrize("sampling", ODD, ids=str)
async def test_odd_sampling_is_served(opened: Open, sampling: dict[str, Any]) -> None:
    """Extreme sampling values neither hang nor overflow."""
    engine = await opened()
    assert (await asyncio.wait_for(engine.complete(ask("x", **sampling)), 10)).finish == "length"


@pytest.mark.parametrize("options", [{"dtype": "float3"}, {"device": "nowhere"}], ids=str)
async def test_a_setting_that_cannot_work_is_named(random_model: Path, options: dict[str, Any]) -> None:
    """A setting that cannot work is a `ConfigError` at the start."""
    with pytest.raises(ConfigError, match=next(iter(options.values()))):
        await LocalEngine(random_model, **options).start()


@pytest.mark.skipif(torch.cuda.is_available(), reason="a GPU is here")
async def test_a_gpu_that_is_not_here_is_named(random_model: Path) -> None:
    """A missing GPU is an error with advice, before the weights are read."""
    with pytest.raises(ConfigError, match=r"--device cuda: .*take --device cpu"):
        await LocalEngine(random_model, device="cuda").start()
