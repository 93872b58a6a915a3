"""Repair of a text in process: by rules, or by a generator's engine where rules fail."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from structgen.engines import Engine
from structgen.generator import Generator
from structgen.parsing.pipeline import repair_by_rules
from structgen.parsing.result import RepairResult
from structgen.schema import Schema
from structgen.text_argument import RepairInput, checked_text
from structgen.types import OnLoss, Risk


def repair(
    text: RepairInput,
    schema: Any = None,
    *,
    engine: Generator | Engine | str | Path | None = None,
    max_risk: Risk | None = None,
    on_loss: OnLoss = "error",
    source: str | None = None,
) -> RepairResult:
    """Repair a broken JSON text, with an account of every change.

    `schema` is any argument of `Schema.parse`: the value is coerced to it and validated. `engine` (a
    `Generator`, an engine, or a model's folder) answers where rules fail, with `source`, the document that
    the text came from; without it no model is used. `max_risk` bounds the changes: `lossless`, `coerced`,
    `inferred` (the default), `model` (the default with an engine). `on_loss="accept"` accepts a reading that
    leaves out a key, a value or a row; `dropped` lists it. A text that cannot be repaired has the status
    `failed`; nothing is raised for it.
    """
    if engine is None:
        text, parsed = checked_text(text), None if schema is None else Schema.parse(schema)
        result = repair_by_rules(text, parsed, max_risk=max_risk or "inferred", on_loss=on_loss)
        return result.with_schema_warnings(parsed)
    if isinstance(engine, Generator):
        return engine.repair(text, schema, max_risk=max_risk, on_loss=on_loss, source=source)
    with Generator(engine) as generator:
        return generator.repair(text, schema, max_risk=max_risk, on_loss=on_loss, source=source)
