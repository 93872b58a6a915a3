"""A vLLM whose internals the scheduler is not written for: it serves all the same, and says what it lacks."""

import logging
import re

import pytest

pytest.importorskip("vllm", reason="needs the extra `vllm`")

from structgen.engines import CallableTool, CallConstraint, EngineRequest, TextConstraint, open_engine
from structgen.engines.vllm import launch
from structgen.errors import BadRequest
from structgen.generator import Generator
from structgen.models import DEMO_MODEL
from structgen.schema import Registry
from structgen.strategies.task import Task
from structgen.types import Conversation, Limits, Message, Sampling

CONVERSATION = Conversation((Message("user", "Name: Ada Moore"),))
pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_it_runs_with_its_own_scheduler(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Valid objects without drafts; closing is not promised, and asked for it is refused."""
    monkeypatch.setattr(launch, "_RELEASE", "0.0.")
    engine = open_engine(
        "vllm", str(DEMO_MODEL), arguments={"enforce_eager": True, "max_model_len": 2048}, slots=2
    )
    with caplog.at_level(logging.WARNING, "structgen.engine"):
        await engine.start()
    try:
        assert "no drafts, no closing" in caplog.text
        assert not engine.capabilities.completes_in_budget
        assert not engine.capabilities.bounds_values
        schema = Registry().get("contact")
        task = Task(schema, document="Name: Ada Moore\nPhone: 555-1234", sampling=Sampling(max_tokens=300))
        result = await Generator(engine).run(task)
        assert schema.violations(result.data) == []
        assert result.usage.forced_tokens == 0
        for kind, definition in (("regex", "[ab]{3}"), ("choice", '["aba"]'), ("lark", 'start: "ab" /[ab]/')):
            constraint = TextConstraint(kind, definition, kind)  # type: ignore[arg-type]
            completion = await engine.complete(EngineRequest(CONVERSATION, constraint, Sampling(1.0)))
            assert re.fullmatch("[ab]{3}", completion.text)
        tools = (CallableTool("contact", schema.grammar),)
        calls = CallConstraint(tools, "calls", required=True, parallel=False)
        request = EngineRequest(CONVERSATION, calls, Sampling(max_tokens=400))
        assert (await engine.complete(request)).text.startswith('<tool_call>\n{"name": "contact", ')
        closing = Task(schema, document="Name: Ada", limits=Limits(on_budget="close"))
        with pytest.raises(BadRequest, match="on_budget"):
            await Generator(engine).run(closing)
    finally:
        await engine.close()
