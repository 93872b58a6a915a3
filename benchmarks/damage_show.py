"""Print a damaged text that was not repaired as meant: the place of the fault, and the differing values."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from damage_judge import Case, Judgement
from damage_operators import ABSENT
from repair import equal

_BEFORE, _AFTER = 160, 240
"""Characters of the text that are printed around the first edit."""
_DIFFERENCES = 3


def differences(meant: Any, value: Any, pointer: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Yield the pointers at which two values differ, with both parts."""
    for kind in (dict, list):
        if isinstance(meant, kind) and isinstance(value, kind):
            one, other = (_members(part) for part in (meant, value))
            for key in dict.fromkeys([*one, *other]):
                yield from differences(one.get(key, ABSENT), other.get(key, ABSENT), f"{pointer}/{key}")
            return
    if meant is ABSENT or value is ABSENT or not equal(meant, value):
        yield pointer, meant, value


def _members(value: Any) -> dict[Any, Any]:
    return value if isinstance(value, dict) else dict(enumerate(value))


def _written(value: Any, most: int = 200) -> str:
    text = "absent" if value is ABSENT else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= most else f"{text[:most]}… ({len(text):,} characters)"


def shown(case: Case, typed: bool, judgement: Judgement) -> None:
    """Print a case that is not exact."""
    start, end = max(0, case.at - _BEFORE), case.at + _AFTER
    before, after = "…" if start else "", "…" if end < len(case.text) else ""
    print(f"--- {case.operator}, {'with' if typed else 'without'} the schema: {judgement.outcome}")
    print(f"  text  {before}{json.dumps(case.text[start:end], ensure_ascii=False)[1:-1]}{after}")
    rights = case.typed if typed else case.plain
    meant = rights[0] if rights else case.sample.value
    if case.least is not ABSENT:
        print(f"  complete before the cut: {_written(case.least, 400)}")
    for pointer, right, value in list(differences(meant, judgement.value))[:_DIFFERENCES]:
        print(f"  at {pointer or '(root)'}\n    meant {_written(right)}\n    value {_written(value)}")
    print(f"  account: {judgement.account[:600]}")
