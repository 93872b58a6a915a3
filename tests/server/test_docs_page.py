"""`/docs` and `/openapi.json` agree, are complete, and describe this service."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import httpx
import pytest

from structgen import errors
from structgen.api import RepairResponse
from structgen.cli import main
from structgen.engines import open_engine
from structgen.engines.fake import FakeEngine
from structgen.models import DEMO_MODEL
from structgen.schema import Schema
from structgen.server import openapi_examples
from structgen.server.errors import problem
from structgen.server.openapi import document, problem_model, problem_schema
from structgen.types import Attempt, Usage, Violation

Serve = Callable[..., str]
ACCOUNT = [Attempt(1, "constrained", "violations")], Usage(1, 2)
FAULTS = [Violation("/a", "type", "1 is not of type 'string'")]
ERRORS = [
    errors.BadRequest("x", FAULTS),
    errors.Unauthorized("x"),
    errors.NotFound("x"),
    errors.TooLarge("x", 5),
    errors.InvalidSchema("x", FAULTS),
    errors.SchemaLimit("x", "max_enum", 6, 5),
    errors.PromptTooLong("x", 6, 5),
    errors.Incomplete("x", *ACCOUNT, {"a": 1}, "/b"),
    errors.Unsatisfied("x", *ACCOUNT, FAULTS, {"a": 1}),
    errors.DeadlineExceeded("x", *ACCOUNT),
    errors.Overloaded("x", 1.5),
    errors.EngineUnavailable("x", 1.5),
    errors.EngineFailed("x"),
]


class Page(HTMLParser):
    """The ids, links, commands and loaded resources of an HTML page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: set[str] = set()
        self.loaded: list[str] = []
        self.code: list[str] = []
        self.text = ""
        self._in_pre = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.ids |= {given["id"] or ""} if "id" in given else set()
        if tag == "a":
            self.links.add(given["href"] or "")
        elif tag in ("script", "link", "img", "iframe") or "src" in given:
            self.loaded.append(tag)
        if tag == "pre":
            self.code.append("")
            self._in_pre = True

    def handle_endtag(self, tag: str) -> None:
        self._in_pre = self._in_pre and tag != "pre"

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._in_pre:
            self.code[-1] += data


@pytest.fixture
def api(serve: Serve) -> dict[str, Any]:
    return dict(httpx.get(f"{serve(FakeEngine([]))}/openapi.json").json())


def test_every_link_leads_somewhere(serve: Serve) -> None:
    """Every link of the page leads to an anchor on it, and the page loads nothing."""
    answer = httpx.get(f"{serve(FakeEngine([]))}/docs")
    page = Page(answer.text)
    inner = {link.removeprefix("#") for link in page.links if link.startswith("#")}
    assert inner - page.ids == set()
    assert {"AttemptBody", "UsageBody", "ExtractResponse", "PartialEvent", "incomplete", "problems"} <= inner
    assert page.links - {f"#{name}" for name in inner} == {"openapi.json"}
    assert page.loaded == []
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_every_type_and_problem_is_on_the_page(serve: Serve, api: dict[str, Any]) -> None:
    """The page lists every type and problem with exactly its members."""
    text = httpx.get(f"{serve(FakeEngine([]))}/docs").text
    problems = {problem_schema(name): name for name in errors.PROBLEMS}
    for name, schema in api["components"]["schemas"].items():
        section = text.split(f'<h3 id="{problems.get(name, name)}">')[1].split("</section>")[0]
        members = set(re.findall(r"<tr><td><code>(\w+)</code>", section))
        common = {"type", "title", "status", "detail", "instance"} if name in problems else set()
        assert members == set(schema.get("properties", {})) - common
    assert not re.search(r"\bjobs?\b", text + json.dumps(api), re.IGNORECASE)


@pytest.mark.skipif(not (DEMO_MODEL / "model.safetensors").is_file(), reason="needs the shipped model")
def test_every_command_on_the_page_works(serve: Serve) -> None:
    """Each command runs in a shell as it stands, with the key in the environment."""
    url = serve(open_engine("local", str(DEMO_MODEL)), start_seconds=90, api_key="a-key-that-is-long")
    commands = [code for code in Page(httpx.get(f"{url}/docs").text).code if code.startswith("curl")]
    assert len(commands) >= 11
    for command in commands:
        assert url in command
        if "authorization" not in command:  # those of the prose are for a service without a key
            command = command.replace("curl ", 'curl -H "authorization: Bearer $STRUCTGEN_API_KEY" ')
        done = subprocess.run(
            ["sh", "-c", command],
            capture_output=True,
            text=True,
            timeout=60,
            env={"PATH": "/usr/local/bin:/usr/bin:/bin", "STRUCTGEN_API_KEY": "a-key-that-is-long"},
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout, command
        assert '"type":"/problems/' not in done.stdout, (command, done.stdout)
        assert not done.stdout.startswith('{"error":'), (command, done.stdout)


def test_the_bounds_are_those_of_this_service(serve: Serve) -> None:
    """Page and document show the bounds of the running service next to the members they bound."""
    url = serve(FakeEngine([]), max_deadline=42.0, max_body=77_777)
    page, api = httpx.get(f"{url}/docs").text, httpx.get(f"{url}/openapi.json").json()
    assert "at most 42 for any request" in page
    assert "77,777" in page
    deadline = api["components"]["schemas"]["Limits"]["properties"]["deadline"]
    assert "at most 42 for any request" in deadline["description"]


def test_each_bound_names_an_option_that_sets_it(serve: Serve) -> None:
    """Each listed bound names an option of `structgen serve` that exists."""
    about = httpx.get(f"{serve(FakeEngine([]))}/openapi.json").json()["info"]["description"]
    named = re.findall(r"^\| `([\w.]+)` \| [\d,.]+ \| `(--[\w-]+)", about, re.MULTILINE)
    options = {name for param in main.commands["serve"].params for name in param.opts}
    assert {"max_body", "limits.max_enum", "timeouts.body", "shutdown_grace"} <= {name for name, _ in named}
    assert {option for _, option in named} <= options


def test_a_host_that_is_none_makes_no_page_of_its_own(serve: Serve) -> None:
    """A malformed header Host does not get into the commands of the page."""
    url = serve(FakeEngine([]))
    page = httpx.get(f"{url}/docs", headers={"host": "a'; rm -rf /; echo '"}).text
    assert "rm -rf" not in page


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.name)
def test_a_problem_has_the_members_that_are_documented(error: errors.StructgenError) -> None:
    """The body of each error is valid under the model of its problem, which names every member."""
    body = json.loads(json.dumps(problem(error, "6b1f0c")))
    model = problem_model(error.name)
    assert model.model_validate(body).model_dump(exclude_unset=True).keys() == body.keys()
    assert body.keys() <= model.model_fields.keys()
    assert {name for name, field in model.model_fields.items() if field.is_required()} == body.keys()


def test_every_problem_has_a_schema_and_an_example(api: dict[str, Any]) -> None:
    """Each problem has a schema and an example with its own type, title and status."""
    for name, kind in errors.PROBLEMS.items():
        schema = api["components"]["schemas"][problem_schema(name)]
        fixed = {member: schema["properties"][member]["const"] for member in ("type", "title", "status")}
        example = openapi_examples.problem(name)
        assert fixed == {member: example[member] for member in fixed}
        assert (fixed["type"], fixed["status"]) == (f"/problems/{name}", kind.status)
        problem_model(name).model_validate(example)


def test_every_example_is_valid_under_its_schema(api: dict[str, Any]) -> None:
    """Every example of a request, a response or a problem is valid under its schema."""
    checked = 0
    for operation in (op for path in api["paths"].values() for op in path.values()):
        bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
        for content in (content for body in bodies for content in body.get("content", {}).values()):
            examples = [e["value"] for e in content.get("examples", {}).values()]
            examples += [content["example"]] if "example" in content else []
            whole = content.get("schema", {"type": "string"})  # a stream has a schema of each event instead
            schema = Schema.parse({**whole, "components": api["components"]})
            for example in examples:
                assert schema.violations(example) == []
                checked += 1
    assert checked > 50


def test_the_example_of_a_repair_is_what_the_service_answers(serve: Serve) -> None:
    """The service returns the documented example for the documented repair request."""
    answer = httpx.post(f"{serve(FakeEngine([]))}/v1/repair", json=openapi_examples.REPAIR).json()
    assert answer == openapi_examples.repaired()
    RepairResponse.model_validate(answer)


def test_the_document_is_made_once() -> None:
    """The document is built once for the same bounds."""
    bounds = (("max_deadline", 300.0),)
    assert document(bounds) is document(bounds)
