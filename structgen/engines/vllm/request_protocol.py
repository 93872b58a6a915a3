"""Typed values that the adapter and the scheduler exchange inside vLLM's own request and output objects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from structgen.engines.json_regions import JsonRegions
from structgen.schema.declared_sizes import DeclaredSizes

_KEY = "structgen"
"""Name of our member in vLLM's dictionaries, which cross the process boundary as they are."""


@dataclass(frozen=True, slots=True)
class DecodingOptions:
    """Options of one request for the scheduler: a member of `SamplingParams.extra_args`."""

    close: bool = False
    """End the answer within its budget by the shortest valid completion."""
    bounds: DeclaredSizes | None = None
    """The largest sizes of values."""
    think_end: int | None = None
    """The token that ends a thought."""
    regions: tuple[bool, bool] | None = None
    """Which parts of the answer are JSON (`tagged` and `response` of `JsonRegions`); None: all of it."""
    property_names: tuple[str, ...] = ()
    """The schema's properties in the order of an answer: document hints look for them."""

    def to_extra_args(self) -> dict[str, Any]:
        """Return the dictionary that `SamplingParams` takes, of plain JSON values."""
        return {
            _KEY: {
                "close": self.close,
                "bounds": None if self.bounds is None else list(self.bounds),
                "think_end": self.think_end,
                "regions": None if self.regions is None else list(self.regions),
                "property_names": list(self.property_names),
            }
        }

    def json_regions(self) -> JsonRegions | None:
        """Return the regions of JSON at the start of the answer; None where all of it is JSON."""
        return None if self.regions is None else JsonRegions(*self.regions)

    @classmethod
    def from_extra_args(cls, extra_args: Mapping[str, Any] | None) -> Self | None:
        """Read what `to_extra_args` wrote; None for a request of another origin."""
        members = (extra_args or {}).get(_KEY)
        if members is None:
            return None
        bounds, regions = members["bounds"], members["regions"]
        return cls(
            members["close"],
            None if bounds is None else DeclaredSizes(*bounds),
            members["think_end"],
            None if regions is None else (regions[0], regions[1]),
            tuple(members["property_names"]),
        )


@dataclass(frozen=True, slots=True)
class DecodingAccount:
    """Counts of one request from the scheduler: a member of an output's `kv_transfer_params`."""

    steps: int = 0
    """Forward passes after the one over the prompt."""
    forced: int = 0
    """Tokens that the grammar forced, without a pass of their own."""
    closed_at: int | None = None
    """Index of the output token at which the shortest completion began, where it was needed."""

    def to_transfer_params(self) -> dict[str, Any]:
        """Return the dictionary that an engine core output takes, of plain JSON values."""
        return {_KEY: {"steps": self.steps, "forced": self.forced, "closed_at": self.closed_at}}

    @classmethod
    def from_transfer_params(cls, transfer_params: Mapping[str, Any] | None) -> Self:
        """Read what `to_transfer_params` wrote; zeros where the scheduler is vLLM's own."""
        return cls(**((transfer_params or {}).get(_KEY) or {}))
