"""Data of the server-sent events of a streamed extraction, which `result` or `problem` ends."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from structgen.api.base import Body


class AttemptEvent(Body):
    """A generation begins; discard the text of an earlier one."""

    number: int
    strategy: str


class TextEvent(Body):
    """The next piece of the attempt's text."""

    delta: str


class PartialEvent(Body):
    """The value so far, at most ten times a second."""

    data: Any = Field(description="Only complete members.")


class ItemEvent(Body):
    """An item of the list, valid and for good, if the request has `stream_items`."""

    index: int
    data: Any


class ProgressEvent(Body):
    """More of a document that is read in segments is done."""

    segments_done: int
    segments: int
    rows: int = Field(description="Items of all lists so far.")
