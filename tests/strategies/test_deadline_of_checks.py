"""The deadline of a request also bounds what follows its answers."""

from __future__ import annotations

import asyncio
import json
import time

import pytest
from long_documents import STATEMENT, row

from structgen import Generator
from structgen.engines.fake import FakeEngine
from structgen.errors import DeadlineExceeded
from structgen.longdoc.induction.induced_rows import InducedRows
from structgen.longdoc.induction.induction_task import InductionTask
from structgen.schema import Schema

ANSWER = json.dumps({"bank": "Northern Bank", "rows": [row(0)]})


async def endless(schema: Schema, task: InductionTask) -> InducedRows | None:
    """Look for rows without end."""
    await asyncio.sleep(60)
    return None


@pytest.mark.parametrize("limits", [{}, {"segment_tokens": 60}], ids=["whole", "in-segments"])
def test_a_search_for_rows_ends_at_the_deadline_with_the_account(limits: dict[str, int]) -> None:
    document = (
        "On the first of January the Northern Bank made payment p0.\n\n" + "It was a mild day.\n\n" * 20
    )
    with Generator(FakeEngine([ANSWER]), inducer=endless) as generator:
        began = time.monotonic()
        with pytest.raises(DeadlineExceeded, match="held against") as caught:
            generator.result(STATEMENT, document, limits={"deadline": 1.0, **limits})
    assert time.monotonic() - began < 20
    assert caught.value.attempts
    assert caught.value.usage.completion_tokens
