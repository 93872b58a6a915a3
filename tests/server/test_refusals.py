"""Refusals are spread over time, so that clients which retry at once leave the processor to others."""

import asyncio
import time
from typing import Any

import pytest

from structgen.errors import ClientGone, Overloaded
from structgen.server.disconnect import WhileConnected
from structgen.server.refusals import RefusalPacer


def test_the_first_refusal_of_a_burst_is_not_delayed_and_the_others_are_evenly_spread() -> None:
    """At 10 a second, five refusals at the same moment go out over 0.4 s."""
    refusals = RefusalPacer(rate=10)
    assert [refusals.delay(100.0) for _ in range(5)] == pytest.approx([0.0, 0.1, 0.2, 0.3, 0.4])


def test_no_refusal_waits_longer_than_the_bound() -> None:
    """However many are ahead of it; and the line is short again once nobody asks."""
    refusals = RefusalPacer(rate=10, max_delay=1.0)
    assert max(refusals.delay(100.0) for _ in range(1000)) == 1.0
    assert refusals.delay(102.0) == 0.0


class _Connection:
    """A request whose client leaves after so many seconds."""

    def __init__(self, leaves_after: float) -> None:
        self._leaves_after = leaves_after

    async def receive(self) -> dict[str, str]:
        await asyncio.sleep(self._leaves_after)
        return {"type": "http.disconnect"}


@pytest.mark.parametrize(
    ("leaves_after", "outcome"), [(60.0, Overloaded), (0.05, ClientGone)], ids=["stays", "leaves"]
)
async def test_a_paced_refusal_ends_early_where_its_client_leaves(leaves_after: float, outcome: Any) -> None:
    """Whoever stays gets the refusal; whoever leaves frees what the request held."""
    refusals = RefusalPacer(rate=2)
    refusals.delay(time.monotonic())
    connection: Any = _Connection(leaves_after)
    with pytest.raises(outcome):
        async with WhileConnected(connection, refusals):
            raise Overloaded("no place", retry_after=1.0)
