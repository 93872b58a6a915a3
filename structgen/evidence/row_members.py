"""Read the members that rows of labelled documents share; each fault has its pointer into the row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from structgen.schema.traversal import pointer
from structgen.types import Violation
from structgen.types.evidence import Evidence
from structgen.types.json_members import typed

Faults = list[Violation]
LARGEST_SIGNAL = 1e6
"""Bound of a signal: squares of all rows stay finite, and a calibration file can hold their mean."""


def read_source(row: Mapping[str, Any], faults: Faults) -> str | tuple[str, ...]:
    """Return the `document`, or the texts of its `pages`; exactly one of them is given."""
    document, pages = row.get("document"), row.get("pages")
    if document is None and pages is None:
        faults.append(Violation("/document", "required", "the row has neither `document` nor `pages`"))
    elif document is not None and pages is not None:
        faults.append(Violation("/pages", "type", "the row has `document` and `pages`: keep one of them"))
    elif isinstance(document, str):
        return document
    elif document is not None:
        faults.append(Violation("/document", "type", "the document is not a text"))
    elif isinstance(pages, list) and pages and all(isinstance(page, str) for page in pages):
        return tuple(pages)
    else:
        faults.append(Violation("/pages", "type", "the pages are not a list of texts"))
    return ""


def read_text(row: Mapping[str, Any], name: str, faults: Faults) -> str | None:
    """Return a member that is a text or absent."""
    text = row.get(name)
    if text is None or isinstance(text, str):
        return text
    faults.append(Violation(pointer([name]), "type", f"the {name} is not a text"))
    return None


def read_id(row: Mapping[str, Any], name: str, faults: Faults) -> str | None:
    """Return an id, which is a text or an integer, as a text; None if it is absent."""
    given = row.get(name)
    if given is None:
        return None
    if isinstance(given, str | int) and not isinstance(given, bool):
        return str(given)
    faults.append(Violation(pointer([name]), "type", "an id is a text or an integer"))
    return None


def read_evidence(given: Any, faults: Faults) -> dict[str, Evidence] | None:
    """Return evidence by pointers as an extraction gives it; None where it is not given."""
    if given is None:
        return None
    if not isinstance(given, dict):
        faults.append(Violation("/evidence", "type", "the evidence has no member for each pointer"))
        return None
    read = {}
    for at, proof in given.items():
        try:
            read[at] = Evidence.from_json(proof)
            _check_numbers(read[at])
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            faults.append(Violation(f"/evidence{pointer([at])}", "type", f"this is no evidence: {error}"))
    return read


def _check_numbers(proof: Evidence) -> None:
    """Raise `TypeError` or `ValueError` for a score or signal that no calibration can be fitted to."""
    if proof.score is not None and not 0 <= proof.score <= 1:
        raise ValueError("a score is 0 to 1")
    for name, signal in (proof.signals or {}).items():
        if not -LARGEST_SIGNAL <= typed((int, float), signal) <= LARGEST_SIGNAL:
            raise ValueError(f"the signal {name!r:.60} is out of range, {LARGEST_SIGNAL:,.0f} at most")
