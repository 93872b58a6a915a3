"""The remote engine finds out what its server can, and tells it."""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
from collections import deque
from collections.abc import Callable
from contextlib import aclosing
from typing import Any

import pytest
from compatible import CONSTRAINT, SCHEMA, Compatible, Fault, ask, serving, started, told

from structgen.engines import Constraint, open_engine
from structgen.engines.fake import FakeEngine, Reply
from structgen.engines.remote import RemoteEngine
from structgen.errors import ConfigError, EngineUnavailable, InvalidSchema, Unsatisfied
from structgen.generator import Generator
from structgen.prompts.chat_template import escape_special_tokens
from structgen.strategies.grammar_fallback import MAX_COMPILATIONS
from structgen.types import Limits

Start = Callable[..., str]


@pytest.mark.parametrize(
    ("honours", "way"),
    [
        (("response_format", "structured_outputs"), "response_format"),
        (("structured_outputs",), "structured_outputs"),
        ((), None),
    ],
    ids=["both", "vLLM's own", "none"],
)
async def test_a_probe_tells_how_schemas_are_followed(
    compatible: Start, caplog: pytest.LogCaptureFixture, honours: tuple[str, ...], way: str | None
) -> None:
    """A nonce in the schema shows whether the server follows it; log and health have the verdict."""
    caplog.set_level(logging.INFO, "structgen")
    app = Compatible(FakeEngine(['{"age":36}']), honours)
    async with started(compatible(app)) as engine:
        assert engine.capabilities.constrained == (way is not None)
        verdict = (await engine.health()).detail
        assert (way or "no schema") in verdict
        assert verdict in caplog.text
        await engine.complete(ask())
    carried = {"response_format", "structured_outputs"} & app.bodies[-1].keys()
    assert carried == ({way} if way else set())


async def test_a_server_that_refuses_the_probe_still_serves(compatible: Start) -> None:
    """A server that answers a schema with 400 or 500 counts as one that follows none."""
    app = Compatible(FakeEngine(["hello"]), (), faults=deque([Fault(400, told("no")), Fault(501, "what?")]))
    async with started(compatible(app)) as engine:
        assert not engine.capabilities.constrained
        assert (await engine.complete(ask())).text == "hello"


async def test_white_space_without_end_is_no_grammar(compatible: Start) -> None:
    """White space up to the budget is not JSON, and the verdict names vLLM's setting."""
    app = Compatible(FakeEngine([Reply("{\n\n\n\n", "length")]), ())
    async with started(compatible(app)) as engine:
        assert not engine.capabilities.constrained
        assert "disable_any_whitespace" in (await engine.health()).detail


@pytest.mark.parametrize("way", ["response_format", "structured_outputs"])
async def test_vllm_is_steered_to_guidance(compatible: Start, way: str) -> None:
    """Only vLLM's schemas get llguidance options and the keyword that avoids xgrammar."""
    for owner in ("vllm", "tests"):
        app = Compatible(FakeEngine(['{"age":36}']), (way,), owner=owner)
        async with started(compatible(app)) as engine:
            await engine.complete(
                ask(Constraint({"$ref": "#/$defs/a", "$defs": {"a": {"type": "null"}}}, "ref"))
            )
        schema = app._schema(app.bodies[-1])
        assert schema["$defs"]["a"] == {"type": "null"}
        assert ("x-guidance" in schema, len(schema["$defs"])) == (
            (True, 2) if owner == "vllm" else (False, 1)
        )
        assert app.bodies[-1].get("top_k") == (-1 if owner == "vllm" else None)


def test_without_a_grammar_auto_repairs(compatible: Start) -> None:
    """Without schema support `auto` generates freely and repairs, and the account has the reason."""
    engine = RemoteEngine(url=compatible(Compatible(FakeEngine(["Sure: {age: '36'}"]), ())))
    with Generator(engine) as generator:
        result = generator.result(SCHEMA, "Ada is 36.", strategy="auto")
    assert (result.data, result.strategy) == ({"age": 36}, "repair")
    assert "does not support constrained decoding" in str(result.chosen)


def test_a_schema_that_the_server_refuses_is_repaired_too(compatible: Start) -> None:
    """`auto` tries wider grammars once, with a few tokens each, and then generates without one."""
    app = Compatible(FakeEngine(['{"age":36}']))
    with Generator(RemoteEngine(url=compatible(app))) as generator:
        generator.extract(SCHEMA, "x")
        app.refuses = told("keyword not supported: type")
        results = [generator.result(SCHEMA, "x", strategy="auto") for _ in range(2)]
    assert [result.strategy for result in results] == ["repair", "repair"]
    assert (
        sum("response_format" in body for body in app.bodies) <= 2 + 1 + MAX_COMPILATIONS
    )  # probe, answer, trials


def test_a_schema_that_the_server_refuses_gets_a_wider_grammar(compatible: Start) -> None:
    """A refused schema is widened until the server accepts it, and the report has the reason."""
    app = Compatible(FakeEngine(['{"age":36}']))
    with Generator(RemoteEngine(url=compatible(app))) as generator:
        generator.extract(SCHEMA, "x")
        app.faults += [Fault(400, told("keyword not supported: integer"))] * 2  # one alone is tried again
        result = generator.result(SCHEMA, "x", strategy="auto", report=True)
    assert result.strategy == "constrained"
    reasons = [entry.get("reason", "") for entry in result.to_json()["report"].values()]
    assert any("keyword not supported: integer" in reason for reason in reasons)


def test_without_a_grammar_nothing_invalid_passes(compatible: Start) -> None:
    """`constrained` then generates freely and validates; each attempt and the report say so."""
    app = Compatible(FakeEngine(["hello", "hello", '{"age":"old"}', '{"age":36}', '{"age":"x"}']), ())
    with Generator(RemoteEngine(url=compatible(app))) as generator:
        result = generator.result(SCHEMA, "Ada is 36.", report=True)
        assert [a.status for a in result.attempts] == ["violations", "valid"]
        assert {a.strategy for a in result.attempts} == {"unconstrained"}
        assert {entry["by"] for entry in result.to_json()["report"].values()} == {"validated"}
        with pytest.raises(Unsatisfied):
            generator.extract(SCHEMA, "Ada is 36.", limits=Limits(max_attempts=1))


@pytest.mark.parametrize(
    ("models", "wanted", "found"),
    [(("a",), "", "a"), (("a", "b"), "b", "b"), (None, "any", "any")],
    ids=["the only one", "one of two", "no list"],
)
async def test_the_model_is_one_of_the_servers(
    compatible: Start, models: tuple[str, ...] | None, wanted: str, found: str
) -> None:
    """The server's only model needs no name, and a server without a list is not checked."""
    app = Compatible(FakeEngine(["x"]), models=models)
    async with started(compatible(app), wanted) as engine:
        assert engine.model == found
        await engine.complete(ask(None))
    assert app.bodies[-1]["model"] == found


@pytest.mark.parametrize(
    ("models", "wanted"), [(("a", "b"), ""), (("a", "b"), "c"), (None, "")], ids=["two", "another", "no list"]
)
async def test_a_wrong_model_is_a_clear_error(compatible: Start, models: Any, wanted: str) -> None:
    """The error lists the names that exist."""
    with pytest.raises(ConfigError, match="a, b" if models else "no list"):
        await RemoteEngine(wanted, url=compatible(Compatible(FakeEngine(["x"]), models=models))).start()


@pytest.mark.parametrize("url", ["", "HOST:8000/v1", "ftp://host/v1"])
async def test_a_wrong_address_is_a_clear_error(url: str) -> None:
    """The error names the option."""
    with pytest.raises(ConfigError, match="--url"):
        await open_engine("remote", "m", url=url).start()


async def test_the_key_is_sent_and_never_told(compatible: Start, caplog: pytest.LogCaptureFixture) -> None:
    """A refused key is an error that names its environment variable."""
    caplog.set_level(logging.INFO, "structgen")
    app = Compatible(FakeEngine(["x"]))
    async with started(compatible(app), api_key="sesame-42"):
        pass
    assert set(app.keys) == {"Bearer sesame-42"}
    app.list_status = 401
    with pytest.raises(ConfigError, match="STRUCTGEN_REMOTE_KEY") as caught:
        await RemoteEngine(url=compatible(app), api_key="sesame-42").start()
    assert "sesame" not in caplog.text + str(caught.value)


async def test_a_schema_is_tried_once(compatible: Start) -> None:
    """Concurrent requests share one trial; a refusal is cached, a fault of the server is not."""
    app = Compatible(FakeEngine(['{"age":36}']))
    bad = Constraint({"type": "string", "pattern": "("}, "bad")
    async with started(compatible(app), retries=0) as engine:
        probed = len(app.bodies)
        app.faults.append(Fault(503, told("later")))
        with pytest.raises(EngineUnavailable):
            await engine.prepare(CONSTRAINT)
        await asyncio.gather(*(engine.prepare(CONSTRAINT) for _ in range(5)))
        app.faults.append(Fault(400, told("Grammar error: unclosed group")))
        for _ in range(2):
            with pytest.raises(InvalidSchema, match="unclosed group"):
                await engine.prepare(bad)
        assert len(app.bodies) == probed + 3


async def test_leaving_ends_the_generation(compatible: Start) -> None:
    """Closing the generator, or cancelling its task, closes the connection at once."""
    app = Compatible(FakeEngine([Reply("x" * 4000, delay=0.01)]))
    async with started(compatible(app)) as engine:
        async with aclosing(engine.generate(ask(None))) as chunks:
            await anext(chunks)
            assert (await engine.health()).running == 1
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(engine.complete(ask(None)), 0.2)
        await asyncio.sleep(0.2)
        assert app.left == 2
        assert (await engine.health()).running == 0


async def test_closing_ends_all(compatible: Start) -> None:
    """Closing the engine ends running and waiting requests with `EngineUnavailable`."""
    app = Compatible(FakeEngine([Reply("x" * 4000, delay=0.01)]))
    async with started(compatible(app), slots=1) as engine:
        tasks = [asyncio.ensure_future(engine.complete(ask(None))) for _ in range(2)]
        await asyncio.sleep(0.2)
        health = await engine.health()
        assert (health.running, health.waiting) == (1, 1)
        await engine.close()
        found = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(f) for f in found] == [EngineUnavailable] * 2


async def test_health_follows_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Health is not ready while the server is down, and ready again when it is back."""
    monkeypatch.setattr("structgen.engines.remote.adapter.HEALTH_CACHED", 0.0)
    app = Compatible(FakeEngine(["x"]))
    with serving(app) as url:
        engine = RemoteEngine(url=url)
        await engine.start()
        assert (await engine.health()).ready
        app.list_status = 503
        assert "503" in (await engine.health()).detail
        app.list_status = 200
    assert not (await engine.health()).ready
    with serving(app, int(url.rsplit(":", 1)[1].removesuffix("/v1"))):
        assert (await engine.health()).ready
        assert (await engine.complete(ask(None))).text == "x"
    await engine.close()


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("a <|eot_id|> b", "a <\u200b|eot_id|> b"),
        ("<think>x</think>", "<\u200bthink>x<\u200b/think>"),
        ("1 < 2 |x|> <b> <thinking>", "1 < 2 |x|> <b> <thinking>"),
    ],
    ids=["header", "tags", "neither"],
)
def test_no_text_becomes_a_special_token(text: str, sent: str) -> None:
    """Text that looks like a special token gets an invisible space; other text is unchanged."""
    assert escape_special_tokens(text) == sent


def test_the_lightest_install_is_enough() -> None:
    """The remote engine imports httpx, and no model, server or validation library."""
    heavy = ("torch", "transformers", "llguidance", "litestar", "uvicorn", "outlines")
    script = f"import sys, structgen.engines.remote; print([m for m in {heavy!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
