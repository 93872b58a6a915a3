"""What `structgen.ground` takes for a value: JSON, and what Python has in its place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pydantic import BaseModel, Field

import structgen
from structgen.errors import BadRequest

SOURCE = "Invoice 4711 of 5 March 2024, total $1,234.50, tags: red, blue"


class Invoice(BaseModel):
    number: int = Field(alias="invoiceNumber")
    issued: date
    total: Decimal
    tags: tuple[str, ...]


@dataclass
class Total:
    total: float


def test_an_instance_of_a_model_is_grounded_by_its_json() -> None:
    """Pointers have the aliases, dates and decimals are found in the notation of the source."""
    invoice = Invoice(
        invoiceNumber=4711, issued=date(2024, 3, 5), total=Decimal("1234.50"), tags=("red", "blue")
    )
    evidence = structgen.ground(invoice, Invoice, SOURCE)
    texts = {at: SOURCE[proof.start : proof.end] for at, proof in evidence.items()}
    assert texts == {
        "/invoiceNumber": "4711",
        "/issued": "5 March 2024",
        "/total": "1,234.50",
        "/tags/0": "red",
        "/tags/1": "blue",
    }


def test_a_dataclass_is_grounded() -> None:
    """Its fields are the members."""
    assert structgen.ground(Total(1234.5), None, SOURCE)["/total"].kind == "value"


@pytest.mark.parametrize("value", [{"a": object()}, {"a": float("nan")}, {"a": "\ud800"}, {"a": 10**5000}])
def test_what_is_no_json_is_refused(value: Any) -> None:
    """The error names the value, or the pointer."""
    with pytest.raises(BadRequest, match=r"value|^/a: "):
        structgen.ground(value, None, SOURCE)
