"""README and docs/ are true: what they tell to paste works, prints what they show, and names what exists."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest
from documents import PAGES, REASONS, ROOT, RUN, Block, agrees, blocks, options, run

from structgen import errors
from structgen.api.base import DiagnosticBody, UsageBody
from structgen.api.extract import ExtractRequest, LimitsBody, SamplingBody
from structgen.cli import main
from structgen.embedded import MODEL
from structgen.schema.checks.schema_warning import Code
from structgen.server.errors import STATUS
from structgen.strategies import answer_warnings, value_limits

NAMED = {str(page.relative_to(ROOT)): page for page in PAGES}
WITH_COMMANDS = [
    name
    for name, page in NAMED.items()
    if any(block.language in RUN and not block.skipped for block in blocks(page.read_text("utf-8")))
]
PROSE = set("a stable name that programs may compare of schemas results".split())
"""Words of the description of the codes of warnings that are not codes."""
shipped = pytest.mark.skipif(
    not (MODEL / "model.safetensors").is_file(), reason="the shipped model is not in this checkout"
)


@shipped
@pytest.mark.parametrize(
    "name", [name if name == "README.md" else pytest.param(name, marks=pytest.mark.slow) for name in WITH_COMMANDS]
)  # fmt: skip
def test_blocks_work_in_their_order(name: str, tmp_path: Path) -> None:
    """In one fresh shell; what is shown below a block is what it prints, all of it."""
    for block, printed in run(NAMED[name].read_text("utf-8"), tmp_path):
        assert agrees(block.shown, printed), f"line {block.line} printed:\n{printed}"


def test_blocks_that_do_not_run_say_why() -> None:
    """For a reason that no test can help; every block has a language."""
    found = [block for page in PAGES for block in blocks(page.read_text("utf-8"))]
    assert {block.skipped for block in found} - {""} <= REASONS
    assert all(block.language for block in found)
    assert sum(block.language in RUN and not block.skipped for block in found) > 20


@pytest.mark.parametrize("name", NAMED)
def test_commands_have_only_options_that_exist(name: str) -> None:
    """Those of blocks that cannot run here, too."""
    text = NAMED[name].read_text("utf-8")
    for block in blocks(text):
        for command in commands(block):
            known = known_options(command[1:])
            assert set(options(command)) <= known, f"line {block.line}: {shlex.join(command)}"


def commands(block: Block) -> list[list[str]]:
    """The words of each command of structgen in a block."""
    if block.language != "sh":
        return []
    lines = block.text.replace("\\\n", " ").splitlines()
    lines = [line for line in lines if line.startswith("structgen ")]
    return [shlex.split(re.sub(r"(?<=\s)#.*", "", line).replace("…", "x")) for line in lines]


def known_options(words: list[str]) -> set[str]:
    """All options of the commands that the words name, one inside the other."""
    command: click.Command = main
    found = {option for param in command.params for option in param.opts} | {"--help", "-h"}
    for word in words:
        if not isinstance(command, click.Group) or word not in command.commands:
            continue
        command = command.commands[word]
        found |= {option for param in command.params for option in (*param.opts, *param.secondary_opts)}
    return found


def test_every_option_stands_in_the_pages() -> None:
    """With its long name."""
    text = "\n".join(page.read_text("utf-8") for page in PAGES)
    missing = [name for name in sorted(long_options(main)) if not re.search(rf"{name}(?![\w-])", text)]
    assert missing == []


def long_options(command: click.Command) -> set[str]:
    """The long options of a command and of all commands inside it."""
    found = {name for param in command.params for name in param.opts if name.startswith("--")}
    inner = command.commands.values() if isinstance(command, click.Group) else ()
    return found.union(*(long_options(each) for each in inner))


def test_every_member_of_a_request_stands_in_the_pages() -> None:
    """By its name."""
    text = "\n".join(page.read_text("utf-8") for page in PAGES)
    bodies = (ExtractRequest, SamplingBody, LimitsBody, UsageBody)
    members = {field.alias or name for body in bodies for name, field in body.model_fields.items()}
    assert [name for name in sorted(members) if f"`{name}`" not in text] == []


def test_every_problem_and_code_stands_in_the_pages() -> None:
    """In tables that programs are written by."""
    text = "\n".join(page.read_text("utf-8") for page in PAGES)
    described = DiagnosticBody.model_fields["code"].description or ""
    codes = [word for word in re.findall(r"[a-z]+(?:-[a-z]+)*", described.lower()) if word not in PROSE]
    assert "demo-model" in codes
    own = [kind.name for kind in (errors.ConfigError, errors.ConnectionFailed, errors.BadAnswer)]
    names = [*STATUS, *codes, *own, "unknown-variable", "set-aside"]
    assert [name for name in names if f"`{name}`" not in text] == []


def test_every_warning_of_the_code_is_described() -> None:
    """Each code that a warning can have stands in its description, which `/docs` shows."""
    described = DiagnosticBody.model_fields["code"].description or ""
    found = {code.value for code in Code if "-" in code.value}
    found |= {answer_warnings.DEMO, answer_warnings.UNREAD, answer_warnings.UNSURE, value_limits.REACHED}
    assert {"no-effect", "widened-grammar"} <= found
    assert sorted(code for code in found if code not in described) == []


@pytest.mark.parametrize("name", NAMED)
def test_links_lead_somewhere(name: str) -> None:
    """To files of the project, and to headings that are there."""
    page = NAMED[name]
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")):
        if "://" in target:
            continue
        path, _, heading = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), target
        if heading:
            assert heading in anchors(file.read_text("utf-8")), target


def anchors(text: str) -> set[str]:
    """The anchors that headings get where Markdown is shown."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_page_is_in_the_contents() -> None:
    """README leads to each page of docs/."""
    readme = NAMED["README.md"].read_text("utf-8")
    assert all(f"({name})" in readme for name in NAMED if name.startswith("docs/"))


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [
        ("2", "2\n", True),
        ('{"a": 1}', '{"a":1}\n', True),
        ('{"a":…}', '{"a":1,"b":2}\n', True),
        ("one\n…\nlast", "one\n2\n3\nlast", True),
        ("2", "3", False),
        ('{"a":…,"b":1}', '{"a":1,"b":2}', False),
        ("", "anything", False),
    ],
)
def test_what_is_shown_is_compared(shown: str, printed: str, same: bool) -> None:
    """Word by word, but for `…`."""
    assert agrees(shown, printed) == same
