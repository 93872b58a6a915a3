"""Delays between retries: exponential, bounded, spread by jitter."""

from __future__ import annotations

import pytest

from structgen.backoff import Backoff


@pytest.mark.parametrize(
    ("random", "delays"),
    [
        pytest.param(0.0, [0.5, 1.0, 2.0, 2.5, 2.5], id="least-jitter"),
        pytest.param(0.5, [0.75, 1.5, 3.0, 3.75, 3.75], id="middle-jitter"),
    ],
)
def test_delays_double_up_to_the_bound(random: float, delays: list[float]) -> None:
    """Each delay is twice the one before, until the longest one."""
    backoff = Backoff(first=1.0, longest=5.0, random=lambda: random)
    assert [backoff.delay(retry) for retry in range(5)] == delays


def test_a_late_retry_does_not_overflow() -> None:
    """The ten-thousandth retry waits the longest delay."""
    assert Backoff(longest=60.0, jitter=(1.0, 1.0)).delay(10_000) == 60.0


def test_a_least_delay_is_spread_too() -> None:
    """Jitter applies to the delay that a server asks for."""
    backoff = Backoff(first=1.0, jitter=(1.0, 1.5), random=lambda: 0.5)
    assert (backoff.delay(0, at_least=4.0), backoff.delay(0, at_least=0.5)) == (5.0, 1.25)
