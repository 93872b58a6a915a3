"""`RepairResult`: the object that was meant, and the account of every change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from structgen.parsing.json_patch import Change
from structgen.parsing.tolerant.parse_result import Fix
from structgen.types import Diagnostic, RepairStatus, Usage, Violation, shown

_NOTHING = Usage()


class RepairResult(NamedTuple):
    """What came of a text. (A named tuple: valid texts are answered in microseconds.)

    `fixes` are syntactic, with their places in the text; `changes` lead from `parsed`, the first value
    read, to `value`. `failed` means that no object can be had honestly: `violations` says why, and
    `value` is the best there is.
    """

    value: Any
    status: RepairStatus
    fixes: tuple[Fix, ...] = ()
    changes: tuple[Change, ...] = ()
    violations: tuple[Violation, ...] = ()
    usage: Usage = _NOTHING
    parsed: Any = None
    cut_at: str | None = None
    """Pointer of the place where the text was cut; None where it was whole."""
    warnings: tuple[Diagnostic, ...] = ()
    """What is worth knowing about the schema, such as a misspelt keyword."""

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> RepairResult:
        """What `to_json` gave."""
        return cls(
            data["value"],
            data["status"],
            tuple(Fix(**fix) for fix in data["fixes"]),
            tuple(Change.from_json(change) for change in data["changes"]),
            tuple(Violation.from_json(violation) for violation in data["violations"]),
            Usage.from_json(data["usage"]),
            cut_at=data.get("cut_at"),
            warnings=tuple(Diagnostic.from_json(warning) for warning in data.get("warnings", ())),
        )

    def to_json(self) -> dict[str, Any]:
        """As `POST /v1/repair` answers."""
        return {
            "status": self.status,
            "value": self.value,
            "fixes": [fix.to_json() for fix in self.fixes],
            "changes": [change.to_json() for change in self.changes],
            **shown(self.violations),
            "usage": self.usage.to_json(),
            **({"cut_at": self.cut_at} if self.cut_at is not None else {}),
            **({"warnings": [warning.to_json() for warning in self.warnings]} if self.warnings else {}),
        }
