"""`extract` and `ground` read files of other formats by a docling-serve that the command names."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from docling_server import Exchange, converted, docling_server

from structgen.cli import main

RTF = b"{\\rtf1 Invoice INV-7\nTotal 34,900.00}"
SHORT_TEXT = '{"type": "string", "maxLength": 3}'


@pytest.fixture
def rich_text(tmp_path: Path) -> str:
    """Return the path of a file that structgen does not read itself."""
    path = tmp_path / "invoice.rtf"
    path.write_bytes(RTF)
    return str(path)


def run(exchange: Exchange, arguments: Sequence[str], given: str | None = None) -> Result:
    """Return the result of a command beside a converter."""
    with docling_server(exchange) as url:
        environment = {"STRUCTGEN_DOCLING_KEY": "a key"}
        return CliRunner().invoke(main, [*arguments, "--docling-url", url], input=given, env=environment)


def test_ground_finds_values_in_what_the_converter_read(rich_text: str) -> None:
    """The file goes there with its name and the key; its pages count."""
    exchange = Exchange()
    result = run(exchange, ["ground", "--source", rich_text], '{"total": 34900.0}')
    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout)["evidence"]["/total"]["page"] == 2
    [request] = exchange.requests
    assert (request["file"][1], request["file"][3], request["key"]) == ("invoice.rtf", RTF, "a key")


def test_a_file_is_converted_once_for_all_lines_of_ground(rich_text: str) -> None:
    """So is its warning printed once."""
    exchange = Exchange(body=converted("Invoice 7", "partial_success", ["page 2 is broken"]))
    lines = '{"data": 7}\n{"data": "Invoice"}\n'
    result = run(exchange, ["ground", "--lines", "--source", rich_text], lines)
    assert result.exit_code == 0, result.stderr
    assert [json.loads(line)["grounded"] for line in result.stdout.splitlines()] == [1, 1]
    assert (len(exchange.requests), result.stderr.count("page 2 is broken")) == (1, 1)


def test_extract_reads_a_document_of_another_format(rich_text: str) -> None:
    """The evidence has its pages, and the result the converter's warnings."""
    exchange = Exchange(body=converted("Invoice 7", "partial_success", ["page 2 is broken"]))
    result = run(exchange, ["extract", "-s", SHORT_TEXT, "--full", "--evidence", rich_text])
    assert result.exit_code == 0, result.stderr
    assert "unread-part" in [each["code"] for each in json.loads(result.stdout)["warnings"]]
    assert len(exchange.requests) == 1


def test_a_converter_that_fails_on_one_document_fails_no_other(rich_text: str, tmp_path: Path) -> None:
    """A text is read here, whatever the converter does."""
    text = tmp_path / "invoice.txt"
    text.write_text("Invoice INV-7")
    exchange = Exchange(500, b"oops")
    result = run(exchange, ["extract", "-s", SHORT_TEXT, rich_text, str(text)])
    first, second = map(json.loads, result.stdout.splitlines())
    assert (first, type(second), result.exit_code) == (None, str, 3)
    assert "status 500" in result.stderr
    assert len(exchange.requests) == 1


def test_a_text_goes_nowhere(tmp_path: Path) -> None:
    """Neither does standard input."""
    text = tmp_path / "invoice.txt"
    text.write_text("Total 34,900.00")
    exchange = Exchange()
    for source, given in ((str(text), "34900"), ("-", None)):
        data = tmp_path / "data.json"
        data.write_text("34900")
        result = run(exchange, ["ground", str(data), "--source", source], given or "Total 34,900.00")
        assert result.exit_code == 0, result.stderr
    assert exchange.requests == []


@pytest.mark.parametrize(
    "command", [["extract", "-s", SHORT_TEXT], ["ground", "--source"]], ids=lambda c: c[0]
)
@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        pytest.param(["--docling-url", "nowhere"], 2, "--docling-url", id="no-address"),
        pytest.param(
            ["--docling-url", "http://127.0.0.1:9"], 3, "is --docling-url its address", id="no-server"
        ),
        pytest.param(
            ["--docling-url", "http://127.0.0.1:9", "--url", "http://127.0.0.1:8"],
            2,
            "--url cannot be combined with --docling-url",
            id="beside-a-service",
        ),
        pytest.param([], 2, "RTF", id="without-a-converter"),
    ],
)
def test_an_error_says_what_is_wrong(
    command: list[str], options: list[str], code: int, words: str, rich_text: str
) -> None:
    """A wrong or missing address names its option; the exit code tells whose fault it is."""
    result = CliRunner().invoke(main, [*command, rich_text, *options], input="1")
    assert (result.exit_code, words in result.stderr) == (code, True), result.stderr
