"""The shipped model reaches its promised accuracy on held-out documents."""

import pytest

pytest.importorskip("torch", reason="needs the extra `local`")

from structgen.engines import open_engine
from structgen.generator import Generator
from structgen.models import DEMO_MODEL
from training.evaluate import CATALOGUE_MIXES, Question, held_out_questions, score, uncatalogued_questions

FLAT, NESTED = list(CATALOGUE_MIXES)[:2]
TARGETS = {
    "flat": (held_out_questions(CATALOGUE_MIXES[FLAT], 25), 0.92),
    "nested": (held_out_questions(CATALOGUE_MIXES[NESTED], 25), 0.85),
    "names never seen": (uncatalogued_questions(25), 0.90),
}


@pytest.mark.parametrize(("questions", "fields"), TARGETS.values(), ids=TARGETS)
async def test_fields_are_exact(questions: list[Question], fields: float) -> None:
    """The share of exact fields reaches the target; `make accuracy` prints the table of a hundred cases each."""
    engine = open_engine("local", str(DEMO_MODEL))
    await engine.start()
    try:
        scored = await score(Generator(engine), questions)
    finally:
        await engine.close()
    assert scored.exact / scored.fields >= fields
