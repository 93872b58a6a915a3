"""Repair texts and write a row for each."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from structgen.cli import console, files, schema_source
from structgen.cli.errors import NO_OBJECT, report
from structgen.cli.journal import open_rows
from structgen.cli.model_choice import ModelChoice
from structgen.cli.progress import progress
from structgen.cli.repair_account import show_repair
from structgen.cli.summary import show_summary
from structgen.errors import Unsatisfied

if TYPE_CHECKING:
    from structgen.parsing.result import RepairResult

    Repair = Callable[[str], RepairResult]

Text = tuple[str, str]
"""The name of the source, and the text."""


class RepairRun:
    """A run that repairs texts in their order, and counts the outcomes."""

    def __init__(self, texts: Sequence[Text], *, many: bool, full: bool, out: Path | None) -> None:
        self._texts, self._many, self._full = texts, many, full
        self._rows = open_rows(out, None)
        self._counts = Counter[str]()
        self._warnings = console.ResultWarnings()

    def run(self, choice: ModelChoice, schema: str | None, task: dict[str, Any]) -> int:
        """Repair all texts; return the exit code."""
        started, complete = time.monotonic(), False
        try:
            with _open(choice, schema, task) as repair, progress(len(self._texts)) as advance:
                for name, text in self._texts:
                    with nullcontext() if self._many else console.spinner(f"repairing {name}"):
                        result = repair(text)
                    advance(partial(self._add, name, result))
            complete = True
        finally:
            self._rows.close(complete=complete)
            self._warnings.show()
        if self._many:
            show_summary(self._counts, time.monotonic() - started, "text")
        return NO_OBJECT if self._counts["failed"] else 0

    def _add(self, name: str, result: RepairResult) -> None:
        self._counts[result.status] += 1
        self._warnings.add(result.warnings, name if self._many else "")
        if result.status == "failed":
            report(_failure(result), name)
        show_repair(name, result, many=self._many)
        value = result.value if result.status != "failed" else None
        self._rows.add(name, result.to_json() if self._full else value, None)


@contextmanager
def _open(choice: ModelChoice, schema: str | None, task: dict[str, Any]) -> Iterator[Repair]:
    """Open what repairs: a service, a model in this process, or rules alone."""
    if choice.service:
        from structgen.client.sync import Client

        target = None if schema is None else schema_source.name_or_definition(schema)
        with Client(choice.service, choice.api_key) as client:
            yield lambda text: client.repair(text, target, model="if_needed", **task)
        return
    parsed = None if schema is None else schema_source.parsed(schema, choice.folder)
    if choice.model is None and choice.engine is None:
        from structgen.text_repair import repair as by_rules

        yield lambda text: by_rules(text, parsed, **task)
        return
    with choice.open_generator() as generator:
        yield lambda text: generator.repair(text, parsed, **task)


def read_texts(paths: Sequence[str], *, lines: bool) -> Iterator[Text]:
    """Yield the text of each file, or each line that is not empty, with its source."""
    for path in paths:
        name, text = files.source_name(path), files.read_text(path, allow_nul=True)
        if not lines:
            yield name, text
            continue
        for number, line in enumerate(text.split("\n"), 1):
            if line.strip():
                yield f"{name}:{number}", line


def _failure(result: RepairResult) -> Unsatisfied:
    """Return the error of a failed repair, with its first violations."""
    reasons = "; ".join(f"{v.pointer or '/'}: {v.message}" for v in result.violations[:3])
    return Unsatisfied(f"not repaired: {reasons}", (), result.usage, result.violations, result.value)
