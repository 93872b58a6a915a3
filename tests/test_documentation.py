"""README and docs/ are true: their commands work when pasted, print what the page shows, and name what exists."""

from __future__ import annotations

import re
import shlex
from dataclasses import fields
from pathlib import Path

import click
import pytest
from documents import PAGES, REASONS, ROOT, RUN, Block, agrees, blocks, options, run

from structgen import errors
from structgen.api import ExtractRequest, GroundRequest, UsageBody
from structgen.cli import main
from structgen.models import DEMO_MODEL
from structgen.schema.checks.schema_warning import Code
from structgen.strategies import answer_warnings, further_readings, value_limits
from structgen.strategies.segmented import list_joining, shortfall
from structgen.types import Diagnostic, EvidenceOptions, Limits, RequestSampling, describe

NAMED = {str(page.relative_to(ROOT)): page for page in PAGES}
WITH_COMMANDS = [
    name
    for name, page in NAMED.items()
    if any(block.language in RUN and not block.skipped for block in blocks(page.read_text("utf-8")))
]
CODES = next(str(field.metadata["description"]) for field in fields(Diagnostic) if field.name == "code")
"""The description of the codes of warnings."""
PROSE = set("a stable name that programs may compare of schemas requests results".split())
"""Words in the description of warning codes that are not codes."""
shipped = pytest.mark.skipif(
    not (DEMO_MODEL / "model.safetensors").is_file(), reason="the shipped model is not in this checkout"
)


@shipped
@pytest.mark.slow
@pytest.mark.parametrize("name", WITH_COMMANDS)
def test_blocks_work_in_their_order(name: str, tmp_path: Path) -> None:
    """The commands of a page run in their order in one fresh shell and print exactly the output that the page shows."""
    for block, printed in run(NAMED[name].read_text("utf-8"), tmp_path):
        assert agrees(block.shown, printed), f"line {block.line} printed:\n{printed}"


def test_blocks_that_do_not_run_say_why() -> None:
    """A block that the tests skip names one of the known reasons, and every block has a language."""
    found = [block for page in PAGES for block in blocks(page.read_text("utf-8"))]
    assert {block.skipped for block in found} - {""} <= REASONS
    assert all(block.language for block in found)
    assert sum(block.language in RUN and not block.skipped for block in found) > 20


@pytest.mark.parametrize("name", NAMED)
def test_commands_have_only_options_that_exist(name: str) -> None:
    """Every option in a block exists in the command, also in blocks that the tests skip."""
    text = NAMED[name].read_text("utf-8")
    for block in blocks(text):
        for command in commands(block):
            known = known_options(command[1:])
            assert set(options(command)) <= known, f"line {block.line}: {shlex.join(command)}"


def commands(block: Block) -> list[list[str]]:
    """Yield the words of each structgen command in a block."""
    if block.language != "sh":
        return []
    lines = block.text.replace("\\\n", " ").splitlines()
    lines = [line for line in lines if line.startswith("structgen ")]
    return [shlex.split(re.sub(r"(?<=\s)#.*", "", line).replace("…", "x")) for line in lines]


def known_options(words: list[str]) -> set[str]:
    """Return all options of the commands that the words name, subcommands included."""
    command: click.Command = main
    found = {option for param in command.params for option in param.opts} | {"--help", "-h"}
    for word in words:
        if not isinstance(command, click.Group) or word not in command.commands:
            continue
        command = command.commands[word]
        found |= {option for param in command.params for option in (*param.opts, *param.secondary_opts)}
    return found


def test_every_option_stands_in_the_pages() -> None:
    """The pages name every command-line option by its long name."""
    text = "\n".join(page.read_text("utf-8") for page in PAGES)
    missing = [name for name in sorted(long_options(main)) if not re.search(rf"{name}(?![\w-])", text)]
    assert missing == []


def long_options(command: click.Command) -> set[str]:
    """Yield the long options of a command and its subcommands."""
    found = {name for param in command.params for name in param.opts if name.startswith("--")}
    inner = command.commands.values() if isinstance(command, click.Group) else ()
    return found.union(*(long_options(each) for each in inner))


def test_every_member_of_a_request_stands_in_the_pages() -> None:
    """The pages name every member of an extraction request."""
    text = "\n".join(page.read_text("utf-8") for page in PAGES)
    bodies = (ExtractRequest, GroundRequest, UsageBody)
    members = {field.alias or name for body in bodies for name, field in body.model_fields.items()}
    members |= {*describe(RequestSampling), *describe(Limits), *describe(EvidenceOptions)}
    assert [name for name in sorted(members) if f"`{name}`" not in text] == []


def test_every_problem_and_code_stands_in_the_pages() -> None:
    """The tables of the HTTP page name every problem and every status."""
    text = "\n".join(page.read_text("utf-8") for page in PAGES)
    described = CODES
    codes = [word for word in re.findall(r"[a-z]+(?:-[a-z]+)*", described.lower()) if word not in PROSE]
    assert "demo-model" in codes
    own = [kind.name for kind in (errors.ConfigError, errors.ConnectionFailed, errors.BadResponse)]
    names = [*errors.PROBLEMS, *codes, *own, "unknown-variable", "set-aside"]
    assert [name for name in names if f"`{name}`" not in text] == []


def test_every_warning_of_the_code_is_described() -> None:
    """The OpenAPI description of a warning names every code that the product emits."""
    described = CODES
    found = {code.value for code in Code if "-" in code.value}
    found |= {
        answer_warnings.DEMO,
        answer_warnings.UNREADABLE,
        answer_warnings.UNSURE,
        value_limits.LIMIT_REACHED,
        further_readings.NO_READING,
        further_readings.NO_EVIDENCE,
        list_joining.CONFLICT,
        shortfall.TOTAL_DIFFERS,
    }
    assert {"no-effect", "widened-grammar"} <= found
    assert sorted(code for code in found if code not in described) == []


@pytest.mark.parametrize("name", NAMED)
def test_links_lead_somewhere(name: str) -> None:
    """Every relative link leads to an existing file and heading."""
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
    """Return the anchors that renderers derive from the headings."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_page_is_in_the_contents() -> None:
    """README links every page of docs/ but the home page of the site."""
    readme = NAMED["README.md"].read_text("utf-8")
    assert all(
        f"({name})" in readme for name in NAMED if name.startswith("docs/") and name != "docs/index.md"
    )


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
    """Shown and printed text are compared word by word; `…` matches any text."""
    assert agrees(shown, printed) == same
