"""Checked by mypy, never run: what a type gives is what `extract` returns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, assert_type

from pydantic import BaseModel
from typing_extensions import TypedDict

from structgen import AsyncClient, Client, Grammar, Schema
from structgen.client import ExtractResult
from structgen.types import Sampling


class Invoice(BaseModel):
    number: str


@dataclass
class Point:
    x: int


class Named(TypedDict):
    name: str


def of_a_client(client: Client, document: str) -> None:
    assert_type(client.extract(Invoice, document), Invoice)
    assert_type(client.extract(Point, document), Point)
    assert_type(client.extract(Named, document), Named)
    assert_type(client.extract(list[Invoice], document), list[Invoice])
    assert_type(client.extract(Invoice | None, document), Invoice | None)
    assert_type(client.extract(Literal["a", "b"], document), Literal["a", "b"])
    assert_type(client.extract(int, document), int)
    assert_type(client.extract(re.compile("[0-9]+"), document), str)
    assert_type(client.extract(Grammar("start: /a+/"), document), str)
    assert_type(client.result(Grammar("start: /a+/"), document), ExtractResult[str])
    assert_type(client.iter_extract(list[Invoice], document), Iterator[Invoice])
    assert_type(client.iter_extract(Invoice, document), Iterator[Invoice])
    assert_type(client.iter_extract({"type": "array"}, document), Iterator[Any])
    assert_type(client.result(Invoice, document), ExtractResult[Invoice])
    assert_type(client.result(Invoice, document).data, Invoice)


def of_no_type(client: Client, schema: Schema) -> None:
    assert_type(client.extract("Invoice", "text"), Any)
    assert_type(client.extract({"type": "integer"}, "text"), Any)
    assert_type(client.extract(schema, "text"), Any)
    assert_type(client.result(schema, "text"), ExtractResult[Any])


def with_options(client: Client) -> None:
    client.extract(Invoice, prompt="invent one", sampling=Sampling(temperature=1.0), ask_again=0)
    client.extract(Invoice, "text", promt="a slip")  # type: ignore[call-overload]
    client.extract(Invoice, 7)  # type: ignore[call-overload]


async def of_an_async_client(client: AsyncClient, document: str) -> None:
    assert_type(await client.extract(Invoice, document), Invoice)
    assert_type(await client.extract(list[Point], document), list[Point])
    assert_type(await client.extract("invoice", document), Any)
    assert_type(await client.extract(Grammar("start: /a+/"), document), str)
    async for item in client.iter_extract(list[Invoice], document):
        assert_type(item, Invoice)
    assert_type(await client.result(Named, document), ExtractResult[Named])
