"""Read the fenced blocks of a Markdown page, and run a page's commands as a reader pastes them."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
RUN = ("sh", "python")
REASONS = {
    "installs",
    "GPU",
    "Docker",
    "another model",
    "another server",
    "another shell",
    "several machines",
}
"""Reasons for which a block does not run in the tests, given in a comment before it."""
_SKIPPED = re.compile(r"<!-- not run in tests: (.*?) -->")
_MARK = "@@@ block {} @@@"
_PORT = re.compile(r"(127\.0\.0\.1:|--port )(80\d\d)\b")
_SERVE = re.compile(r"structgen serve(?![^\n]*--port)")


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its text, the output shown below it, and why it is not run."""

    line: int
    language: str
    text: str
    shown: str = ""
    skipped: str = ""


def blocks(page: str) -> list[Block]:
    """Return all blocks of the page; an output block belongs to the commands right before it."""
    found: list[Block] = []
    tokens = MarkdownIt("commonmark").parse(page)
    for index, token in enumerate(tokens):
        if token.type != "fence":
            continue
        before = tokens[index - 1] if index else None
        line = token.map[0] + 1 if token.map else 0
        output_of_last = before is not None and before.type == "fence" and found[-1].language in RUN
        if token.info not in RUN and output_of_last:
            last = found.pop()
            found.append(Block(last.line, last.language, last.text, token.content, last.skipped))
            continue
        comment = _SKIPPED.search(before.content) if before and before.type == "html_block" else None
        found.append(Block(line, token.info, token.content, skipped=comment[1] if comment else ""))
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run(page: str, folder: Path) -> Iterator[tuple[Block, str]]:
    """Run the commands of a page in one fresh shell, in their order; yield what each block printed.

    Services get free ports in place of the documented ones. The folder has links to what a checkout has,
    so that what the commands write is not left in it. Raises `AssertionError` where a command fails.
    """
    for name in ("examples", "schemas", "docker", "benchmarks"):
        (folder / name).symlink_to(ROOT / name)
    wanted = [block for block in blocks(page) if block.language in RUN and not block.skipped]
    ports: dict[str, int] = {}

    def elsewhere(match: re.Match[str]) -> str:
        return f"{match[1]}{ports.setdefault(match[2], free_port())}"

    script = ["trap 'kill $(jobs -p) 2>/dev/null' EXIT", "set -e"]
    for number, block in enumerate(wanted):
        text = block.text
        if block.language == "python":
            text = f"python - <<'END_OF_SNIPPET'\n{text}END_OF_SNIPPET\n"
        text = _PORT.sub(elsewhere, _SERVE.sub("structgen serve --port 8000", text))
        script += [text, f"echo '{_MARK.format(number)}'"]
    printed, said, code = _shell("\n".join(script), folder)
    for number, block in enumerate(wanted):
        mark = _MARK.format(number) + "\n"
        assert mark in printed, f"the block in line {block.line} failed ({code}):\n{printed}\n{said[-4000:]}"
        output, _, printed = printed.partition(mark)
        yield block, output


def _shell(script: str, folder: Path, seconds: float = 240) -> tuple[str, str, int]:
    """Return standard output, standard error and exit code of a script that runs in a session of its own."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("STRUCTGEN_")}
    environment |= {
        "PATH": f"{Path(sys.executable).parent}:{environment['PATH']}",
        "HF_HUB_OFFLINE": "1",
        "HOME": str(folder),
        "TERM": "dumb",
    }
    with (folder / ".out").open("w+") as out, (folder / ".err").open("w+") as err:
        child = subprocess.Popen(
            ["bash", "-c", script], cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=err,
            start_new_session=True,
        )  # fmt: skip
        try:
            code = child.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            code = -1
        finally:
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()
        return (folder / ".out").read_text("utf-8"), (folder / ".err").read_text("utf-8"), code


def agrees(shown: str, printed: str) -> bool:
    """Return whether the page shows the printed text; `…` matches any text, JSON may be formatted in any way."""
    try:
        return bool(json.loads(shown) == json.loads(printed))
    except ValueError:
        pass
    return re.fullmatch(_pattern(shown), printed.strip(), re.DOTALL) is not None


def _pattern(shown: str) -> str:
    return ".*?".join(re.escape(part) for part in shown.strip().split("…"))


def options(words: list[str]) -> list[str]:
    """Return the options (`--name`) of a structgen command line, up to a lone `--`."""
    words = words[: words.index("--")] if "--" in words else words
    return [word.partition("=")[0] for word in words if re.fullmatch(r"--[a-z][\w-]*(=.*)?", word)]
