"""Classify a server's error responses: into errors of the tree, or a `RequestRefused` to adapt to."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from structgen.endpoint import Endpoint
from structgen.errors import EngineFailed, EngineUnavailable, Overloaded, PromptTooLong, StructgenError
from structgen.http_responses import parse_retry_after

DEFAULT_RETRY_AFTER = 0.5
"""Seconds before a retry, where the server names none."""
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
_UNSUPPORTED = re.compile(r"requires --jinja|not support(?:ed)? (?:tool|function)", re.I)
"""A lack that llama.cpp reports with the status 500."""


class RequestRefused(Exception):
    """A request that the server does not accept as it is: 400 and the like."""

    def __init__(self, status: int, message: str, about: str = "") -> None:
        super().__init__(message)
        self.status, self.message, self.about = status, message, about
        self.about_context = bool(_CONTEXT.search(f"{message} {about}"))
        self.allowed = _number(_ALLOWED, message)
        """Positions of the context, where the message has them."""
        self.prompt = _number(_PROMPT, message)
        """Tokens of the prompt, where the message has them."""

    @property
    def room(self) -> int | None:
        """Tokens left for an answer, where the message has both numbers."""
        if self.allowed is None or self.prompt is None:
            return None
        return self.allowed - self.prompt

    def names(self, member: str) -> bool:
        """Return whether the error mentions that member of the request."""
        return bool(re.search(rf"\b{member}\b", f"{self.about} {self.message}"))

    def error(self) -> StructgenError:
        """Return the error for the caller; unknown numbers of a prompt that is too long are 0."""
        if self.about_context:
            return PromptTooLong(self._detail(), self.prompt or 0, max(0, (self.allowed or 1) - 1))
        return EngineFailed(self._detail())

    def _detail(self) -> str:
        return f"the server refuses the request (HTTP {self.status}): {self.message}"


class ApiKeyRefused(EngineFailed):
    """The server refuses the API key, or requests without one."""


@dataclass(frozen=True, slots=True)
class _ErrorBody:
    """The error of a response, read from any of the forms that servers use."""

    message: str
    about: str = ""
    code: Any = None


def refusal(status: int, body: bytes, headers: Mapping[str, str]) -> Exception:
    """Return the exception for a response other than 200."""
    try:
        error = _error_body(json.loads(body))
    except (ValueError, RecursionError):
        error = None
    if 300 <= status < 400:
        there = headers.get("location", "nowhere")[:200]
        error = _ErrorBody(f"it redirects to {there}; redirects are not followed: give that address as --url")
    error = error or _ErrorBody(body[:200].decode("utf-8", "replace"))
    return _failure(status, error, parse_retry_after(headers.get("retry-after", "")))


def event_error(event: Mapping[str, Any]) -> Exception | None:
    """Return the exception for a stream event that reports an error, None for any other event."""
    error = _error_body(event)
    if error is None:
        return None
    try:
        status = int(error.code)
    except (TypeError, ValueError, OverflowError):
        return EngineFailed(f"the server's stream ended with an error: {error.message}")
    return _failure(status, error, None)


def connection_lost(error: httpx.HTTPError, endpoint: Endpoint) -> EngineUnavailable:
    """Return the exception for a connection that failed."""
    failure = endpoint.connection_error(error)
    return EngineUnavailable(
        f"the remote server cannot be reached, or broke off: {failure}", DEFAULT_RETRY_AFTER
    )


def timed_out(error: EngineUnavailable) -> bool:
    """Return whether the request timed out: a retry would take as long."""
    return isinstance(error.__cause__, httpx.ReadTimeout | TimeoutError)


def _error_body(value: Any) -> _ErrorBody | None:
    if not isinstance(value, dict):
        return None
    error = value.get("error")
    if error is None:
        if value.get("object") != "error" and not {"message", "detail"} & value.keys():
            return None
        error = value
    if not isinstance(error, dict):
        return _ErrorBody(str(error)[:500], code=value.get("code"))
    message = str(error.get("message") or error.get("detail") or error)[:500]
    about = " ".join(str(error[name]) for name in ("param", "code", "type") if error.get(name))
    return _ErrorBody(message, about, error.get("code"))


def _failure(status: int, body: _ErrorBody, retry_after: float | None) -> Exception:
    detail = f"HTTP {status}: {body.message}"
    if status == 429:
        return Overloaded(f"the remote server is overloaded: {detail}", retry_after or 1.0)
    unsupported = status == 501 or (status == 500 and _UNSUPPORTED.search(body.message))
    if (status >= 500 and not unsupported) or status == 408:
        return EngineUnavailable(f"the remote server failed: {detail}", retry_after or DEFAULT_RETRY_AFTER)
    if status in (401, 403):
        return ApiKeyRefused(f"the remote server refuses the key: {detail}")
    return RequestRefused(status, body.message, body.about)


def _number(pattern: re.Pattern[str], text: str) -> int | None:
    match = pattern.search(text)
    return int(next(group for group in match.groups() if group)) if match else None
