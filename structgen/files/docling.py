"""Read files of further formats by a docling-serve that the caller runs."""

from __future__ import annotations

import asyncio
import html
import json
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import httpx

from structgen.endpoint import Endpoint, validated_endpoint
from structgen.errors import ConverterFailed, UnreadableFile
from structgen.evidence.source import Source
from structgen.files.limits import FileLimits, limit_error
from structgen.files.source_builder import UNREAD_PART, SourceBuilder

PATH = "/v1/convert/file"
PAGE = "structgen-page-break-6f1c"
"""Text that the converter writes between two pages."""
CONVERTED = frozenset({"unknown-format", "no-text"})
"""Reasons for which a file goes to the converter: other formats, and scans."""
_FORM = {"to_formats": "md", "image_export_mode": "placeholder", "md_page_break_placeholder": PAGE}
_IMAGE = "<!-- image -->"
_ESCAPED = re.compile(r"\\([_*\\`#])")
_BYTES_PER_CHARACTER = 6
"""Bytes of the answer for each character of the text, as JSON may write it."""


@dataclass(frozen=True, slots=True)
class Docling:
    """A docling-serve, at an address that is its only network."""

    endpoint: Endpoint
    key: str | None = field(default=None, repr=False)
    """Its API key, if it has one."""

    @classmethod
    def at(cls, url: str, key: str | None = None, *, setting: str = "docling_url") -> Docling:
        """Return the converter at an address; `ConfigError` names the setting of a wrong one."""
        endpoint = validated_endpoint(url, None, setting=setting)
        return cls(endpoint.at(endpoint.url.path.rstrip("/") + PATH), key)

    async def convert(
        self, data: bytes, name: str | None, media_type: str | None, limits: FileLimits
    ) -> Source:
        """Return the text of a file as Markdown, with its pages.

        Raises `UnreadableFile` where the converter cannot read the file within `max_convert_seconds`, and
        `ConverterFailed` where it cannot be reached or fails.
        """
        try:
            async with asyncio.timeout(limits.max_convert_seconds):
                status, body = await self._posted(data, name or "file", media_type, limits)
        except (TimeoutError, httpx.TimeoutException) as error:
            raise limit_error("max_convert_seconds", limits, file=name) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            reason = f"{type(error).__name__}: {error}".rstrip(": ")
            raise ConverterFailed(f"the converter at {self._address} cannot be reached: {reason}") from error
        return await asyncio.to_thread(self._source, status, body, name, limits)

    def convert_here(
        self, data: bytes, name: str | None, media_type: str | None, limits: FileLimits
    ) -> Source:
        """Convert a file from code that does not wait in an event loop."""
        with ThreadPoolExecutor(1) as thread:  # the caller's thread may have a loop that runs
            return thread.submit(asyncio.run, self.convert(data, name, media_type, limits)).result()

    @property
    def _address(self) -> str:
        return self.endpoint.public_url.removesuffix(PATH)

    async def _posted(
        self, data: bytes, name: str, media_type: str | None, limits: FileLimits
    ) -> tuple[int, bytes]:
        """Return the status and the body of the answer, up to its largest size."""
        headers = {**self.endpoint.headers, **({"X-Api-Key": self.key} if self.key else {})}
        files = {"files": (name, data, media_type or "application/octet-stream")}
        most = _BYTES_PER_CHARACTER * limits.max_characters + 2**20
        body = bytearray()
        async with (
            httpx.AsyncClient(
                timeout=limits.max_convert_seconds,
                proxy=self.endpoint.proxy,
                trust_env=False,
                follow_redirects=False,
            ) as client,
            client.stream("POST", self.endpoint.url, data=_FORM, files=files, headers=headers) as response,
        ):
            async for chunk in response.aiter_raw():
                body += chunk
                if len(body) > most:
                    raise limit_error("max_characters", limits, file=name)
        return response.status_code, bytes(body)

    def _source(self, status: int, body: bytes, name: str | None, limits: FileLimits) -> Source:
        """Return the text in an answer of the converter."""
        answer = _json_object(body)
        if status != 200 or answer is None:
            raise self._refusal(status, answer, name, limits)
        document, outcome = answer.get("document"), answer.get("status")
        text = document.get("md_content") if isinstance(document, Mapping) else None
        faults = "; ".join(_faults(answer.get("errors")))
        if outcome not in ("success", "partial_success"):
            detail = f"the converter could not read the file ({outcome}): {faults or 'it gives no reason'}"
            raise UnreadableFile(detail[:500], "damaged", name)
        if not isinstance(text, str):
            raise ConverterFailed(f"the converter at {self._address} answered without the text of the file")
        builder = SourceBuilder(limits)
        for page in text.split(PAGE):
            builder.page()
            builder.text(_plain(page))
        if outcome == "partial_success":
            message = f"the converter read a part of the file only: {faults or 'it gives no reason'}"
            builder.warn(UNREAD_PART, message[:500])
        source = builder.build()
        if not source.text.strip():
            raise UnreadableFile("the converter found no text in the file", "no-text", name)
        return source

    def _refusal(
        self, status: int, answer: Mapping[str, Any] | None, name: str | None, limits: FileLimits
    ) -> Exception:
        """Return the error for an answer that is no converted file."""
        said = str((answer or {}).get("detail", ""))[:300]
        said = f": {said}" if said else ""
        if status == 504:
            return limit_error("max_convert_seconds", limits, file=name)
        if status in (400, 413, 415, 422):
            return UnreadableFile(
                f"the converter refused the file (status {status}){said}", "unknown-format", name
            )
        where = f"the converter at {self._address} answered with status {status}{said}"
        if status in (401, 403):
            return ConverterFailed(f"{where}: give its API key as STRUCTGEN_DOCLING_KEY")
        if status in (200, 404, 405):
            return ConverterFailed(f"{where}: is it docling-serve, version 1 or later?")
        return ConverterFailed(where)


def _json_object(body: bytes) -> Mapping[str, Any] | None:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _faults(errors: Any) -> list[str]:
    listed = errors if isinstance(errors, list) else []
    return [str(each.get("error_message", ""))[:200] for each in listed[:5] if isinstance(each, dict)]


def _plain(markdown: str) -> str:
    """Return the text of Markdown as a person sees it: without escapes and marks of images."""
    text = html.unescape(_ESCAPED.sub(r"\1", markdown.replace(_IMAGE, "")))
    return "\n".join(line.rstrip() for line in text.strip("\n").splitlines())
