"""The collector of cycles is paused for grounding, and runs again behind it."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from threading import Barrier, Thread

import pytest

from structgen.evidence.cycle_collection import paused_collector


@pytest.fixture(autouse=True)
def _collector() -> Iterator[None]:
    was_on = gc.isenabled()
    gc.enable()
    yield
    (gc.enable if was_on else gc.disable)()


def test_it_is_paused_until_the_outer_call_ends() -> None:
    """A call within a call does not end the pause."""
    with paused_collector():
        with paused_collector():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_an_error_ends_the_pause() -> None:
    """An exception leaves no process without its collector."""
    with pytest.raises(ValueError, match="no"), paused_collector():
        raise ValueError("no")
    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off() -> None:
    """A program that collects by itself is left alone."""
    gc.disable()
    with paused_collector():
        assert not gc.isenabled()
    assert not gc.isenabled()


def test_the_last_of_several_threads_ends_the_pause() -> None:
    """Two threads whose calls overlap in time need it paused until both are done."""
    inside, first_done = Barrier(2), Barrier(2)
    seen: list[bool] = []

    def long_call() -> None:
        with paused_collector():
            inside.wait(10)
            first_done.wait(10)
            seen.append(gc.isenabled())

    thread = Thread(target=long_call)
    with paused_collector():
        thread.start()
        inside.wait(10)
    first_done.wait(10)
    thread.join(10)
    assert seen == [False]
    assert gc.isenabled()
