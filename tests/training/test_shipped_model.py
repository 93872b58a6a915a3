"""The model that ships reads what it is said to read: documents of templates and values that its training never saw."""

import pytest

pytest.importorskip("torch", reason="needs the extra `local`")

from structgen.engines import open_engine
from structgen.generator import Generator
from structgen.models import DEMO_MODEL
from training.evaluate import MIXES, Question, made, score, unforeseen

FLAT, NESTED = list(MIXES)[:2]
TARGETS = {
    "flat": (made(MIXES[FLAT], 25), 0.92),
    "nested": (made(MIXES[NESTED], 25), 0.85),
    "names never seen": (unforeseen(25), 0.90),
}


@pytest.mark.parametrize(("questions", "fields"), TARGETS.values(), ids=TARGETS)
async def test_fields_are_exact(questions: list[Question], fields: float) -> None:
    """The share promised; `make accuracy` has the table of a hundred each."""
    engine = open_engine("local", str(DEMO_MODEL))
    await engine.start()
    try:
        scored = await score(Generator(engine), questions)
    finally:
        await engine.close()
    assert scored.exact / scored.fields >= fields
