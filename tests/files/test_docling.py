"""Files of other formats, and scans, are read by a docling-serve if one is configured, and by nothing else."""

from __future__ import annotations

import base64
import json
import socket
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from docling_server import Exchange, converted, docling_server
from made_files import drawn
from reportlab.pdfgen.canvas import Canvas

import structgen
from structgen.config import ServerConfig
from structgen.engines.fake import FakeEngine
from structgen.errors import ConfigError, ConverterFailed, UnreadableFile
from structgen.files import FileLimits

RTF = b"{\\rtf1 Invoice INV-7\nTotal 34,900.00}"
NAMES = ("a.rtf", "application/rtf")


def read(exchange: Exchange, data: bytes = RTF, **options: Any) -> Any:
    """Return what is read of a file beside a converter."""
    with docling_server(exchange) as url:
        return structgen.read_file(data, *NAMES, docling_url=url, **options)


def test_another_format_is_posted_to_the_converter_and_its_pages_are_kept() -> None:
    """The file goes there as it is, with its name, and the text comes back page by page."""
    exchange = Exchange()
    source = read(exchange, docling_key="a key")
    assert source.text == "{\\rtf1 Invoice INV-7\fTotal 34,900.00}"
    assert len(source.page_starts) == 2
    (request,) = exchange.requests
    assert request["path"] == "/v1/convert/file"
    assert request["file"] == ("files", "a.rtf", "application/rtf", RTF)
    assert (request["form"]["to_formats"], request["key"]) == ("md", "a key")


def test_markdown_becomes_the_text_that_a_person_sees() -> None:
    """Escapes and marks of images are none of the document's own characters."""
    text = "# Order\\_7\n\n<!-- image -->\n\n| a | b |\n|---|---|\n| 1 &amp; 2 | &lt;3 |"
    assert (
        read(Exchange(body=converted(text))).text == "# Order_7\n\n\n\n| a | b |\n|---|---|\n| 1 & 2 | <3 |"
    )


def test_a_file_that_is_read_here_goes_nowhere() -> None:
    """A PDF with text, and a damaged file, are no business of the converter."""
    exchange = Exchange()
    with docling_server(exchange) as url:
        assert structgen.read_file(drawn((50, 700, "Invoice 7")), docling_url=url).text == "Invoice 7"
        with pytest.raises(UnreadableFile):
            structgen.read_file(b"hello", "a.pdf", docling_url=url)
    assert exchange.requests == []


def test_a_scan_is_recognised_by_the_converter(tmp_path: Any) -> None:
    """A PDF without text has an image at most."""
    canvas = Canvas(str(tmp_path / "scan.pdf"))
    canvas.rect(50, 50, 100, 100, fill=1)
    canvas.save()
    with docling_server(Exchange(body=converted("Invoice 7"))) as url:
        assert structgen.read_file(tmp_path / "scan.pdf", docling_url=url).text == "Invoice 7"


def test_a_part_that_was_not_read_is_a_warning() -> None:
    """The converter's own words are in it."""
    source = read(Exchange(body=converted("Page one", "partial_success", ["page 2 is broken"])))
    assert [(each.code, "page 2 is broken" in each.message) for each in source.warnings] == [
        ("unread-part", True)
    ]


@pytest.mark.parametrize(
    ("exchange", "reason", "words"),
    [
        pytest.param(
            Exchange(body=converted("", "failure", ["no such format"])),
            "damaged",
            "no such format",
            id="failure",
        ),
        pytest.param(Exchange(body=converted("", "skipped")), "damaged", "no reason", id="skipped"),
        pytest.param(Exchange(body=converted(" \n ")), "no-text", "no text", id="no-text"),
        pytest.param(Exchange(422, {"detail": "bad file"}), "unknown-format", "bad file", id="refused"),
        pytest.param(
            Exchange(504, {"detail": "too slow"}), "limit", "max_convert_seconds", id="gateway-timeout"
        ),
    ],
)
def test_a_file_that_the_converter_cannot_read_is_the_callers(
    exchange: Exchange, reason: str, words: str
) -> None:
    """The error says why, with the name of the file."""
    with pytest.raises(UnreadableFile, match=words) as caught:
        read(exchange)
    assert (caught.value.reason, caught.value.file) == (reason, "a.rtf")


@pytest.mark.parametrize(
    ("exchange", "words"),
    [
        pytest.param(Exchange(500, b"oops"), "status 500", id="error"),
        pytest.param(Exchange(401, {"detail": "no key"}), "STRUCTGEN_DOCLING_KEY", id="key"),
        pytest.param(Exchange(404, {"detail": "Not Found"}), "is it docling-serve", id="another-service"),
        pytest.param(Exchange(200, b"<html>"), "is it docling-serve", id="no-json"),
        pytest.param(Exchange(200, {"status": "success"}), "without the text", id="no-text-member"),
        pytest.param(Exchange(302, b"", {"Location": "http://127.0.0.1:1/"}), "status 302", id="redirect"),
    ],
)
def test_a_converter_that_fails_is_told_by_its_address(exchange: Exchange, words: str) -> None:
    """It is no fault of the file."""
    with pytest.raises(ConverterFailed, match=words) as caught:
        read(exchange)
    assert "http://127.0.0.1:" in str(caught.value)
    assert caught.value.status == 502


def test_a_converter_that_is_not_there_is_told_by_its_address() -> None:
    """A port that nothing listens on."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        with pytest.raises(ConverterFailed, match="cannot be reached"):
            structgen.read_file(RTF, *NAMES, docling_url=url)


def test_a_silent_converter_is_left_after_its_time() -> None:
    """The limit is named."""
    with pytest.raises(UnreadableFile, match="max_convert_seconds"):
        read(Exchange(silent=True), limits=FileLimits(max_convert_seconds=1))


def test_an_answer_beyond_the_limit_is_not_read_to_its_end() -> None:
    """A few bytes of a file must not fill the memory."""
    with pytest.raises(UnreadableFile, match="max_characters"):
        read(Exchange(body=converted("x" * 3_000_000)), limits=FileLimits(max_characters=100_000))


@pytest.mark.parametrize("url", ["ftp://host", "host:5001", "http://host/?a=1"])
def test_a_wrong_address_is_refused_before_the_service_starts(url: str) -> None:
    """The message names the option."""
    with pytest.raises(ConfigError, match="--docling-url"):
        ServerConfig(docling_url=url)


@pytest.mark.sockets
def test_the_service_reads_other_formats_by_the_converter(serve: Callable[..., str]) -> None:
    """Requests need nothing of their own; a converter that fails is a 502."""
    exchange = Exchange()
    body = {"data": ["34,900.00"], "file": {"name": "a.rtf", "data": base64.b64encode(RTF).decode()}}
    with docling_server(exchange) as converter:
        url = serve(FakeEngine([json.dumps("x")], cycle=True), docling_url=converter)
        answer = httpx.post(f"{url}/v1/ground", json=body, timeout=60)
        assert answer.status_code == 200, answer.text
        assert answer.json()["evidence"]["/0"]["page"] == 2
        exchange.status, exchange.body = 500, b"oops"
        problem = httpx.post(f"{url}/v1/ground", json=body, timeout=60)
    assert (problem.status_code, problem.json()["type"]) == (502, "/problems/converter-failed")
