"""Report a repair: the value, and every change that led to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from structgen.parsing.json_patch import Change
from structgen.parsing.tolerant.parse_result import Alternative, Dropped, Fix
from structgen.schema import Schema
from structgen.types import Diagnostic, RepairStatus, Usage, Violation, violation_members

NO_USAGE = Usage()


class RepairResult(NamedTuple):
    """The outcome of repairing one text, as a named tuple because valid texts take microseconds.

    `fixes` are syntactic, with their positions in the text; `changes` lead from `parsed`, the value as it was
    read, to `value`. The status `failed` means that the text holds no value, that the value violates the
    schema, or that it leaves out a key, a value or a row: `violations` give the reasons, and `value` is the
    closest one. A value that a model wrote may have taken up what `dropped` lists.
    """

    value: Any
    status: RepairStatus
    fixes: tuple[Fix, ...] = ()
    changes: tuple[Change, ...] = ()
    violations: tuple[Violation, ...] = ()
    usage: Usage = NO_USAGE
    parsed: Any = None
    cut_at: str | None = None
    """Pointer of the value in which the text was cut off; None for a complete text."""
    warnings: tuple[Diagnostic, ...] = ()
    """Findings about the schema, such as a misspelt keyword."""
    dropped: tuple[Dropped, ...] = ()
    """Texts within the outermost container that `value` leaves out."""
    alternatives: tuple[Alternative, ...] = ()
    """Other likely readings: the values that they have in place of those in `parsed`."""

    @property
    def touched(self) -> tuple[str, ...]:
        """Pointers to the values that the repair changed, or that could be read otherwise."""
        paths = [change.path for change in self.changes if change.op != "remove"]
        return (*paths, *(other.pointer for other in self.alternatives))

    def with_schema_warnings(self, schema: Schema | None) -> RepairResult:
        """Return the result with the warnings about the schema."""
        return self if schema is None or not schema.warnings else self._replace(warnings=schema.diagnostics())

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> RepairResult:
        """Read the members that `to_json` wrote."""
        return cls(
            data["value"],
            data["status"],
            tuple(Fix.from_json(fix) for fix in data["fixes"]),
            tuple(Change.from_json(change) for change in data["changes"]),
            tuple(Violation.from_json(violation) for violation in data["violations"]),
            Usage.from_json(data["usage"]),
            cut_at=data.get("cut_at"),
            warnings=tuple(Diagnostic.from_json(warning) for warning in data.get("warnings", ())),
            dropped=tuple(Dropped.from_json(text) for text in data.get("dropped", ())),
            alternatives=tuple(Alternative.from_json(other) for other in data.get("alternatives", ())),
        )

    def account(self) -> dict[str, Any]:
        """Return the account without the value, as results that a repair made valid carry it."""
        account: dict[str, Any] = {
            "status": self.status,
            "fixes": [fix.to_json() for fix in self.fixes],
            "changes": [change.to_json() for change in self.changes],
        }
        if self.dropped:
            account["dropped"] = [text.to_json() for text in self.dropped]
        if self.alternatives:
            account["alternatives"] = [other.to_json() for other in self.alternatives]
        return account

    def to_json(self) -> dict[str, Any]:
        """Return the body of the answer to `POST /v1/repair`."""
        return {
            "status": self.status,
            "value": self.value,
            **self.account(),
            **violation_members(self.violations),
            "usage": self.usage.to_json(),
            **({"cut_at": self.cut_at} if self.cut_at is not None else {}),
            **({"warnings": [warning.to_json() for warning in self.warnings]} if self.warnings else {}),
        }
