"""Hostile and broken files end in an answer, within the limits, and harm no other file."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from hostile_files import HOSTILE
from made_files import drawn

from structgen.errors import Overloaded, UnreadableFile
from structgen.evidence.source import Source
from structgen.files import FileLimits
from structgen.files.isolated import read_file
from structgen.workers import WorkerLimits, WorkerPool

LIMITS = FileLimits(
    max_unpacked=50_000_000, max_characters=1_000_000, max_cells=100_000, max_cpu_seconds=4, max_seconds=40
)
READABLE = {
    "billion pages", "page many times", "deep arrays", "deep dictionaries", "references in a circle",
    "wrong references", "long content", "huge page", "deep HTML", "deep tables", "unclosed formats", "long attribute",
    "mail with odd coding",
}  # fmt: skip
"""Files that have text, however odd they are, on a machine that is fast enough."""


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pool() -> AsyncIterator[WorkerPool]:
    pool = WorkerPool(WorkerLimits(max_memory=2**29))
    await pool.start()
    yield pool
    await pool.close()


async def outcome(pool: WorkerPool, name: str) -> Source | UnreadableFile | Overloaded:
    """Return what the pool says of a file."""
    file, make = HOSTILE[name]
    data = await asyncio.to_thread(make)
    try:
        return await pool.read_file(data, file, None, LIMITS)
    except (UnreadableFile, Overloaded) as error:
        return error


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_file_ends_within_its_limits(pool: WorkerPool, name: str) -> None:
    began = time.process_time()
    answer = await outcome(pool, name)
    assert not isinstance(answer, Overloaded)
    if isinstance(answer, Source):
        assert name in READABLE
        assert len(answer.text) <= LIMITS.max_characters
        assert "root:" not in answer.text  # no file of this machine
    else:
        assert answer.reason in {"empty", "unknown-format", "encrypted", "damaged", "no-text", "limit"}
        assert re.search(r": \w+", str(answer)) or answer.reason == "limit"  # what to do
    assert time.process_time() - began < 20  # of this process, the making of the file included
    good = await pool.read_file(drawn((50, 700, "good")), "good.pdf", None, LIMITS)
    assert good.text == "good"


@pytest.mark.timeout(300)
async def test_fifty_hostile_files_at_once_leave_the_service_unharmed(pool: WorkerPool) -> None:
    names = list(HOSTILE)[:50]
    answers = await asyncio.gather(*(outcome(pool, name) for name in names))
    assert len(answers) == 50
    assert any(isinstance(answer, UnreadableFile) for answer in answers)
    good = await pool.read_file(drawn((50, 700, "good")), "good.pdf", None, LIMITS)
    assert good.text == "good"
    assert len(pool.processes.alive) <= 8


@pytest.mark.parametrize("name", ["corner cells", "long content without text", "encrypted", "cut at 50%"])
def test_the_library_reads_in_a_process_of_its_own(name: str) -> None:
    file, make = HOSTILE[name]
    with pytest.raises(UnreadableFile):
        read_file(make(), file, limits=LIMITS)


def test_the_library_reads_a_path(tmp_path: pytest.TempPathFactory) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(drawn((50, 700, "text"), pages=2))
    source = read_file(path)
    assert (source.text, source.page_starts, len(source.words)) == ("text\ftext", (0, 5), 2)
