"""What a server's refusals mean: a status and a message become an error of the tree, or a `Refused`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from structgen.endpoint import Endpoint
from structgen.errors import EngineFailed, EngineUnavailable, Overloaded, PromptTooLong, StructgenError
from structgen.http_responses import seconds

SOON = 0.5
"""Seconds to the next try, where the server asks for none."""
_CONTEXT = re.compile(r"context[ _](length|size|window)|maximum allowed length|max_model_len", re.I)
_ALLOWED = re.compile(
    r"(?:context (?:length|size|window)(?: is| of)?|maximum allowed length|max_model_len=)\s*\(?(\d+)", re.I
)
# "9591 in the messages", "190000 of text input", "2049 input tokens", "30000 tokens from the input",
# "The input (61709 tokens)", "Input length (160062 tokens)"
_PROMPT = re.compile(
    r"(\d+) (?:in the messages|of text input|input tokens|tokens from the input)"
    r"|input (?:length )?\((\d+) tokens",
    re.I,
)


class Refused(Exception):
    """A request that the server does not take as it is: 400 and the like."""

    def __init__(self, status: int, message: str, about: str = "") -> None:
        super().__init__(message)
        self.status, self.message, self.about = status, message, about
        self.context = bool(_CONTEXT.search(f"{message} {about}"))
        self.allowed = _number(_ALLOWED, message)
        """Positions of the context, where told."""
        self.prompt = _number(_PROMPT, message)
        """Tokens of the prompt, where told."""

    @property
    def room(self) -> int | None:
        """Tokens left for an answer, where both numbers are told."""
        if self.allowed is None or self.prompt is None:
            return None
        return self.allowed - self.prompt

    def names(self, member: str) -> bool:
        """Whether it is about that member of the request."""
        return bool(re.search(rf"\b{member}\b", f"{self.about} {self.message}"))

    def error(self) -> StructgenError:
        """For the caller. The numbers of a prompt that is too long are 0 where the server tells none."""
        if self.context:
            return PromptTooLong(self._told(), self.prompt or 0, max(0, (self.allowed or 1) - 1))
        return EngineFailed(self._told())

    def _told(self) -> str:
        return f"the server refuses the request (HTTP {self.status}): {self.message}"


class KeyRefused(EngineFailed):
    """The server takes no requests with this key, or without one."""


@dataclass(frozen=True, slots=True)
class _Told:
    """The error in an answer, of the forms that servers have for it."""

    message: str
    about: str = ""
    code: Any = None


def refusal(status: int, body: bytes, headers: Mapping[str, str]) -> Exception:
    """For an answer that is no 200."""
    try:
        told = _told(json.loads(body))
    except (ValueError, RecursionError):
        told = None
    if 300 <= status < 400:
        there = headers.get("location", "nowhere")[:200]
        told = _Told(f"it sends to {there}; redirects are not followed: give that address as --url")
    shown = told or _Told(body[:200].decode("utf-8", "replace"))
    return _failure(status, shown, seconds(headers.get("retry-after", "")))


def broken(event: Mapping[str, Any]) -> Exception | None:
    """For an event of a stream that tells an error; None where it tells none."""
    told = _told(event)
    if told is None:
        return None
    try:
        status = int(told.code)
    except (TypeError, ValueError, OverflowError):
        return EngineFailed(f"the server's stream ended with an error: {told.message}")
    return _failure(status, told, None)


def lost(error: httpx.HTTPError, endpoint: Endpoint) -> EngineUnavailable:
    """For a connection that failed."""
    failure = endpoint.unreachable(error)
    return EngineUnavailable(f"the remote server cannot be reached, or broke off: {failure}", SOON)


def slow(error: EngineUnavailable) -> bool:
    """Tell whether the server took too long, so that another try would take as long."""
    return isinstance(error.__cause__, httpx.ReadTimeout | TimeoutError)


def _told(value: Any) -> _Told | None:
    if not isinstance(value, dict):
        return None
    told = value.get("error")
    if told is None:
        if value.get("object") != "error" and not {"message", "detail"} & value.keys():
            return None
        told = value
    if not isinstance(told, dict):
        return _Told(str(told)[:500], code=value.get("code"))
    message = str(told.get("message") or told.get("detail") or told)[:500]
    about = " ".join(str(told[name]) for name in ("param", "code", "type") if told.get(name))
    return _Told(message, about, told.get("code"))


def _failure(status: int, told: _Told, retry_after: float | None) -> Exception:
    detail = f"HTTP {status}: {told.message}"
    if status == 429:
        return Overloaded(f"the remote server is overloaded: {detail}", retry_after or 1.0)
    if (status >= 500 and status != 501) or status == 408:
        return EngineUnavailable(f"the remote server failed: {detail}", retry_after or SOON)
    if status in (401, 403):
        return KeyRefused(f"the remote server refuses the key: {detail}")
    return Refused(status, told.message, told.about)


def _number(pattern: re.Pattern[str], text: str) -> int | None:
    found = pattern.search(text)
    return int(next(group for group in found.groups() if group)) if found else None
