"""Cost estimates: a measurement of a job decides the lane of the next job with its key."""

import pytest

from structgen.workers import costs
from structgen.workers.costs import CostEstimates


def test_the_highest_measurement_counts_until_it_expires(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cheap job after a costly one does not make the key cheap; expiry makes it unknown."""
    estimates = CostEstimates()
    assert estimates.expected("a") == "unknown"
    estimates.record("a", 0.001)
    assert estimates.expected("a") == "cheap"
    estimates.record("a", 2.0)
    estimates.record("a", 0.001)
    assert (estimates.expected("a"), estimates.expected("b")) == ("costly", "unknown")
    monkeypatch.setattr(costs, "EXPIRES_AFTER", -1.0)
    assert estimates.expected("a") == "unknown"


def test_the_number_of_keys_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys that were measured longest ago are forgotten first."""
    monkeypatch.setattr(costs, "MAX_KEYS", 2)
    estimates = CostEstimates()
    for key in ("a", "b", "c"):
        estimates.record(key, 0.001)
    assert [estimates.expected(key) for key in ("a", "b", "c")] == ["unknown", "cheap", "cheap"]
