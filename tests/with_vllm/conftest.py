"""The real vLLM, started once for all the tests that do not end it."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from structgen.engines import Engine, open_engine
from structgen.models import DEMO_MODEL

SMALL = {"enforce_eager": True, "max_model_len": 2048}
"""Arguments that make vLLM start sooner."""


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def vllm() -> AsyncIterator[Engine]:
    """The shipped model, eight generations at once."""
    pytest.importorskip("vllm", reason="needs the extra `vllm`")
    engine = open_engine("vllm", str(DEMO_MODEL), arguments=SMALL, slots=8, queue=8)
    await engine.start()
    yield engine
    await engine.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def undrafted() -> AsyncIterator[Engine]:
    """The same engine without drafts."""
    pytest.importorskip("vllm", reason="needs the extra `vllm`")
    engine = open_engine("vllm", str(DEMO_MODEL), arguments={**SMALL, "draft_tokens": 0}, slots=8, queue=8)
    await engine.start()
    yield engine
    await engine.close()
