"""The command line reads PDFs and the like by their suffix."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from reportlab.pdfgen.canvas import Canvas

from structgen.cli import main


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    """Return the path of a PDF of two pages."""
    path = tmp_path / "invoice.pdf"
    canvas = Canvas(str(path))
    canvas.drawString(50, 700, "Invoice INV-7")
    canvas.showPage()
    canvas.drawString(50, 600, "Total 34,900.00")
    canvas.save()
    return path


def test_ground_names_page_and_rectangle(pdf: Path, tmp_path: Path) -> None:
    data = tmp_path / "data.json"
    data.write_text('{"total": 34900.0}')
    result = CliRunner().invoke(main, ["ground", str(data), "--source", str(pdf)])
    assert result.exit_code == 0, result.stderr
    place = json.loads(result.stdout)["evidence"]["/total"]
    assert (place["page"], len(place["box"])) == (2, 4)


def test_report_shows_the_text_of_a_pdf(pdf: Path, tmp_path: Path) -> None:
    data, out = tmp_path / "data.json", tmp_path / "report.html"
    data.write_text('{"total": 34900.0}')
    result = CliRunner().invoke(main, ["report", str(data), "--source", str(pdf), "-o", str(out)])
    assert result.exit_code == 0, result.stderr
    assert "Invoice INV-7" in out.read_text()


def test_extract_reads_a_pdf(pdf: Path) -> None:
    arguments = ["extract", "-s", '{"type": "string", "maxLength": 3}', "--full", "--evidence", str(pdf)]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout)["status"] == "completed"


def test_a_file_that_cannot_be_read_says_why(pdf: Path) -> None:
    pdf.write_bytes(pdf.read_bytes()[:-60])
    result = CliRunner().invoke(main, ["ground", "--source", str(pdf)], input="1")
    assert result.exit_code == 2
    assert "cut off" in result.stderr


def test_serve_knows_the_limits_of_files() -> None:
    result = CliRunner().invoke(main, ["serve", "--file-limit", "max_page=3"])
    assert result.exit_code == 2
    assert "did you mean 'max_pages'" in result.stderr
