"""Files in requests: as base64 in JSON and as forms, with pages and boxes in the evidence."""

from __future__ import annotations

import base64
import io
import json
import os
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from reportlab.pdfgen.canvas import Canvas

import structgen
from structgen import AsyncClient, Client, Generator
from structgen.engines.fake import FakeEngine
from structgen.errors import UnreadableFile

Serve = Callable[..., str]
SCHEMA = {"type": "object", "properties": {"number": {"type": "string"}, "total": {"type": "number"}}, "required": ["number", "total"]}  # fmt: skip
ANSWER = {"number": "INV-7", "total": 34900.0}


def invoice() -> bytes:
    """Return a PDF of two pages."""
    file = io.BytesIO()
    canvas = Canvas(file)
    canvas.drawString(50, 700, "Invoice")
    canvas.drawString(300, 700, "INV-7")
    canvas.showPage()
    canvas.drawString(50, 600, "Total")
    canvas.drawString(300, 600, "34,900.00")
    canvas.save()
    return file.getvalue()


PDF = invoice()
TEXT = "Invoice\tINV-7\fTotal\t34,900.00"
FILE = {"name": "i.pdf", "media_type": "application/pdf", "data": base64.b64encode(PDF).decode()}


@pytest.fixture(scope="module")
def url(shared_serve: Serve) -> str:
    return shared_serve(FakeEngine([json.dumps(ANSWER)], cycle=True))


def check_evidence(evidence: dict[str, Any]) -> None:
    number, total = evidence["/number"], evidence["/total"]
    assert (number["page"], total["page"]) == (1, 2)
    assert TEXT[total["start"] : total["end"]] == "34,900.00"
    left, top, right, bottom = total["box"]
    assert (round(left), round(right)) == (300, 353)
    assert top < 842 - 600 < bottom


@pytest.mark.parametrize(
    "content",
    [
        {"json": {"schema": SCHEMA, "file": FILE, "evidence": True}},
        {
            "files": {"file": ("i.pdf", PDF, "application/pdf")},
            "data": {"request": json.dumps({"schema": SCHEMA, "evidence": True})},
        },
        {"files": {"file": ("i.pdf", PDF)}, "data": {"schema": json.dumps(SCHEMA), "evidence": "true"}},
    ],
    ids=["base64", "form-with-a-request", "form-with-fields"],
)
def test_a_file_is_extracted_with_pages_and_boxes(url: str, content: dict[str, Any]) -> None:
    response = httpx.post(f"{url}/v1/extract", timeout=60, **content)
    assert response.status_code == 200, response.text
    assert response.json()["data"] == ANSWER
    check_evidence(response.json()["evidence"])


@pytest.mark.parametrize(
    "content",
    [
        {"json": {"data": ANSWER, "file": FILE}},
        {"files": {"file": ("i.pdf", PDF)}, "data": {"data": json.dumps(ANSWER)}},
    ],
    ids=["base64", "form"],
)
def test_values_are_grounded_in_a_file(url: str, content: dict[str, Any]) -> None:
    response = httpx.post(f"{url}/v1/ground", timeout=60, **content)
    assert response.status_code == 200, response.text
    check_evidence(response.json()["evidence"])


def test_a_large_form_is_read_in_a_worker(url: str) -> None:
    large = PDF + os.urandom(300_000) + b"\nstartxref\n0\n%%EOF"
    form = {"data": json.dumps(ANSWER)}
    response = httpx.post(f"{url}/v1/ground", timeout=60, files={"file": ("i.pdf", large)}, data=form)
    assert response.status_code == 200, response.text


async def test_the_clients_and_the_library_take_files(url: str, tmp_path: Any) -> None:
    path = tmp_path / "i.pdf"
    path.write_bytes(PDF)
    source = structgen.read_file(path)
    assert source.text == TEXT
    expected = structgen.ground(ANSWER, SCHEMA, source)
    with Client(url) as client:
        assert client.extract(SCHEMA, file=path) == ANSWER
        assert client.result(SCHEMA, file=PDF, evidence=True).evidence["/total"].page == 2
        assert client.ground(ANSWER, SCHEMA, file=str(path)) == expected
    async with AsyncClient(url) as other:
        assert await other.ground(ANSWER, SCHEMA, file=PDF) == expected


def test_a_generator_takes_files() -> None:
    with Generator(FakeEngine([json.dumps(ANSWER)], cycle=True)) as generator:
        result = generator.result(SCHEMA, file=PDF, evidence=True)
        assert generator.extract(SCHEMA, structgen.read_file(PDF)) == ANSWER
    assert result.evidence is not None
    check_evidence({at: each.to_json() for at, each in result.evidence.items()})


def test_a_file_that_cannot_be_read_is_a_422_that_says_why(url: str) -> None:
    with Client(url) as client, pytest.raises(UnreadableFile, match="cut off") as caught:
        client.extract(SCHEMA, file=PDF[:-60])
    assert (caught.value.reason, caught.value.file, caught.value.status) == ("damaged", None, 422)
    body = {"data": ANSWER, "file": {**FILE, "data": base64.b64encode(b"\x89PNG").decode()}}
    problem = httpx.post(f"{url}/v1/ground", json=body, timeout=60).json()
    assert (problem["type"], problem["reason"], problem["file"]) == (
        "/problems/unreadable-file",
        "unknown-format",
        "i.pdf",
    )


def test_what_a_file_lacks_is_a_warning(url: str) -> None:
    file = {"name": "a.txt", "data": base64.b64encode("Müller 34900".encode("cp1252")).decode()}
    answer = httpx.post(f"{url}/v1/ground", json={"data": ["Müller"], "file": file}, timeout=60).json()
    assert [each["code"] for each in answer["warnings"]] == ["guessed-encoding"]
    body = {"schema": SCHEMA, "file": file}
    answer = httpx.post(f"{url}/v1/extract", json=body, timeout=60).json()
    assert "guessed-encoding" in [each["code"] for each in answer["warnings"]]


@pytest.mark.parametrize(
    ("content", "pointer"),
    {
        "document and file": ({"json": {"schema": SCHEMA, "document": "x", "file": FILE}}, ""),
        "no base64": ({"json": {"schema": SCHEMA, "file": {"data": "?"}}}, "/file/data"),
        "no data": ({"json": {"schema": SCHEMA, "file": {"name": "x"}}}, "/file/data"),
        "unknown member": ({"json": {"schema": SCHEMA, "file": {"data": "", "nam": "x"}}}, "/file/nam"),
        "no JSON": ({"files": {"file": PDF}, "data": {"request": "{"}}, "/request"),
        "no object": ({"files": {"file": PDF}, "data": {"request": "[]"}}, "/request"),
        "twice": ({"files": {"file": PDF}, "data": {"request": '{"prompt": "a"}', "prompt": "b"}}, "/prompt"),
        "no form": ({"content": b"x", "headers": {"content-type": "multipart/form-data; boundary=b"}}, ""),
        "no boundary": ({"content": b"x", "headers": {"content-type": "multipart/form-data"}}, ""),
    }.values(),
    ids=["both", "no-base64", "no-data", "unknown-member", "no-json", "no-object", "twice", "no-form", "no-boundary"],
)  # fmt: skip
def test_a_malformed_request_names_the_fault(url: str, content: dict[str, Any], pointer: str) -> None:
    response = httpx.post(f"{url}/v1/extract", timeout=60, **content)
    assert response.status_code == 400, response.text
    assert pointer in [violation["pointer"] for violation in response.json()["violations"]]


def test_other_routes_take_no_forms(url: str) -> None:
    response = httpx.post(f"{url}/v1/repair", files={"file": PDF}, timeout=60)
    assert response.status_code == 415


def test_a_page_of_another_site_may_not_send_a_form(url: str) -> None:
    headers = {"origin": "https://evil.example"}
    response = httpx.post(f"{url}/v1/ground", files={"file": PDF}, headers=headers, timeout=60)
    assert response.status_code == 403


def test_the_document_describes_forms(url: str) -> None:
    """Tools that read the document can send a file; the parts are those that the service reads."""
    api = httpx.get(f"{url}/openapi.json").json()
    for path, form in (("/v1/extract", "ExtractForm"), ("/v1/ground", "GroundForm")):
        content = api["paths"][path]["post"]["requestBody"]["content"]["multipart/form-data"]
        assert content["schema"] == {"$ref": f"#/components/schemas/{form}"}
        schema = api["components"]["schemas"][form]
        body = api["components"]["schemas"][form.replace("Form", "Request")]
        assert schema["properties"].keys() == body["properties"].keys() | {"request"}
        assert (schema["required"], schema["properties"]["file"]["format"]) == (["file"], "binary")
        assert content["encoding"].keys() == schema["properties"].keys()
    assert api["paths"]["/v1/repair"]["post"]["requestBody"]["content"].keys() == {"application/json"}


def test_the_documented_example_of_a_form_is_answered(url: str) -> None:
    """What the document shows can be sent as it is, with a file."""
    api = httpx.get(f"{url}/openapi.json").json()
    content = api["paths"]["/v1/ground"]["post"]["requestBody"]["content"]["multipart/form-data"]
    parts = {"request": json.dumps(content["example"]["request"])}
    response = httpx.post(f"{url}/v1/ground", files={"file": ("i.pdf", PDF)}, data=parts, timeout=60)
    assert response.status_code == 200, response.text
