"""Evidence and long lists through the remote engine of a real vLLM server."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from long_documents import DATED_ROW
from vllm_server import Server, vllm_server

from structgen.engines import EngineRequest
from structgen.engines.remote import RemoteEngine
from structgen.generator import Generator
from structgen.schema import Registry
from structgen.types import Chunk, EvidenceOptions

found = find_spec("vllm")
if found is None or found.origin is None:  # this very folder can pass for a package of that name
    pytest.skip("needs the extra `vllm`", allow_module_level=True)

EXAMPLES = Path(__file__).parents[2] / "examples"
ROWS = 12
AT_ONCE = 2
ITEM = {**DATED_ROW, "additionalProperties": False}
PLACES = ("Leeds", "York", "Bath", "Derby", "Exeter", "Truro")


class Counted(RemoteEngine):
    """Counts how many generations run at once."""

    running = most_running = 0

    async def generate(self, request: EngineRequest) -> AsyncGenerator[Chunk, None]:
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        try:
            async for chunk in super().generate(request):
                yield chunk
        finally:
            self.running -= 1


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a server."""
    running: Server
    with vllm_server(tmp_path_factory.mktemp("vllm") / "log") as running:
        yield running[0]


def leaves(value: Any, at: str = "") -> dict[str, Any]:
    """Return the scalars of a value by their pointers."""
    if isinstance(value, dict):
        return {p: v for name, member in value.items() for p, v in leaves(member, f"{at}/{name}").items()}
    if isinstance(value, list):
        return {p: v for i, item in enumerate(value) for p, v in leaves(item, f"{at}/{i}").items()}
    return {at: value}


def test_evidence_has_places_and_scores_from_the_servers_probabilities(url: str) -> None:
    """Each value has an entry; a place shows the value, and the model's probabilities are among the signals."""
    document = (EXAMPLES / "invoice.txt").read_text()
    with Generator(RemoteEngine(url=url)) as generator:
        result = generator.result(Registry().get("invoice"), document, evidence=EvidenceOptions(signals=True))
    values = leaves(result.data)
    assert result.evidence is not None
    assert result.evidence.keys() == values.keys()
    exact = {at: each for at, each in result.evidence.items() if each.kind == "exact"}
    assert exact
    for at, each in exact.items():
        assert document[each.start : each.end] == str(values[at])
    grounded = [each for each in result.evidence.values() if each.start is not None]
    assert all(each.score is not None and 0 <= each.score <= 1 for each in grounded)
    names = {name for each in grounded for name in each.signals or ()}
    assert {"probability"} & names or any("prob" in name for name in names), names
    assert len({each.score for each in grounded}) > 1, "scores rank the values"


def test_a_long_list_has_evidence_and_coverage_from_two_segments_at_once(url: str) -> None:
    """Every row has its item, with places in its own row; two segments run at a time and no more."""
    lines = [
        f"2026-03-{n + 1:02} | Ticket to {PLACES[n % 6]} | {n + 11}.{n * 7 % 90 + 10}" for n in range(ROWS)
    ]
    document = "\n".join(["Date | Description | Amount", *lines]) + "\n"
    engine = Counted(url=url, slots=2)
    with Generator(engine) as generator:
        result = generator.result(
            {"type": "array", "items": ITEM},
            document,
            limits={"rows_per_segment": AT_ONCE},
            evidence=True,
            on_shortfall="report",
        )
    coverage = result.coverage[""]
    assert (coverage.expected, coverage.certain) == (ROWS, True)
    assert coverage.found + len(coverage.unclaimed) >= ROWS
    assert engine.most_running == 2
    assert {attempt.segment for attempt in result.attempts} == set(range(1, ROWS // AT_ONCE + 1))
    assert coverage.unclaimed == (), "the shipped model reads rows of two without a fault"
    assert result.evidence is not None
    for index in range(ROWS):
        start = document.index(lines[index])
        place = result.evidence[f"/{index}/date"]
        assert place.start is not None
        assert start <= place.start < start + len(lines[index])
        assert place.score is not None
