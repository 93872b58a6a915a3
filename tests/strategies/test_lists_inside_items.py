"""Lists inside of the items of a list: each row belongs to one item, and none is lost in silence."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from structgen.engines.base import Capabilities, EngineRequest
from structgen.engines.fake import FakeEngine, Reply
from structgen.errors import Incomplete
from structgen.generator import Generator

SALE = {
    "type": "object",
    "properties": {"date": {"type": "string"}, "amount": {"type": "number"}},
    "required": ["date", "amount"],
    "additionalProperties": False,
}
ACCOUNT = {
    "type": "object",
    "properties": {"account": {"type": "string"}, "sales": {"type": "array", "items": SALE}},
    "required": ["account", "sales"],
    "additionalProperties": False,
}
ACCOUNTS = {"type": "array", "items": ACCOUNT}
_ROW = re.compile(r"(?:(\w\d\d);)?(2024-\d\d-\d\d)[; |\t]+(\d+\.\d+)")
Item = dict[str, Any]
Change = Callable[[list[Item]], list[Item]]


def account(name: str, size: int) -> Item:
    """Return an item with so many rows, each with values of its own."""
    base = 100 * (ord(name[0]) - 64)
    sales = [{"date": f"2024-05-{day:02}", "amount": base + day + 0.25} for day in range(1, size + 1)]
    return {"account": name, "sales": sales}


ITEMS = [account("A17", 6), account("B28", 5), account("C39", 7)]


def table(items: list[Item], *, mixed: bool = False) -> str:
    """Return a table with a column of the accounts; `mixed`: the rows of an account do not stand together."""
    rows = [
        (sale["date"] if mixed else "", number, f"{item['account']};{sale['date']};{sale['amount']:.2f}")
        for number, item in enumerate(items)
        for sale in item["sales"]
    ]
    return "\n".join(["Account;Date;Amount", *(text for _, _, text in sorted(rows, key=lambda row: row[:2]))])


def cards(items: list[Item]) -> str:
    """Return a card for each account, with its rows below."""
    lines = []
    for item in items:
        lines += ["", f"Account: {item['account']}", "Sales:"]
        lines += [f"  - {sale['date']} {sale['amount']:.2f}" for sale in item["sales"]]
    return "Accounts\n" + "\n".join(lines)


class Reader(FakeEngine):
    """Reads accounts from the text that it gets; `change` spoils the first answer, or each one."""

    def __init__(self, change: Change, *, always: bool = False) -> None:
        super().__init__(["unused"])
        self.capabilities = Capabilities(concurrency=2)
        self._change, self._always = change, always

    def _next(self, request: EngineRequest) -> Reply:
        system, text = (request.prompt.messages[index].content for index in (0, 1))
        items: dict[str, Item] = {}
        name = "?"
        for line in text.splitlines():
            if heading := re.match(r"Account: (\w+)", line):
                name = heading[1]
            if row := _ROW.search(line):
                name = row[1] or name
                own = items.setdefault(name, {"account": name, "sales": []})
                own["sales"].append({"date": row[2], "amount": float(row[3])})
        answer: Any = list(items.values())
        if self._always or not self.requests:
            answer = self._change(answer)
        self.requests.append(request)
        schema = re.search(r"\{.*\}", system, re.S)
        assert schema is not None
        names = json.loads(schema[0]).get("properties")
        return Reply(json.dumps(answer if names is None else {key: answer[0][key] for key in names}))


def right(items: list[Item]) -> list[Item]:
    return items


def short(items: list[Item]) -> list[Item]:
    """Leave out the last two rows of each account."""
    return [{**item, "sales": item["sales"][:-2] or item["sales"]} for item in items]


def unreadable(items: list[Item]) -> list[Item]:
    """Leave out the rows of two days."""
    return [
        {**item, "sales": [sale for sale in item["sales"] if sale["date"][-2:] not in {"02", "04"}]}
        for item in items
    ]


def moved(items: list[Item]) -> list[Item]:
    """Put the first row of the second account into the first one."""
    first, second, *others = items
    sale = second["sales"][0]
    return [
        {**first, "sales": [*first["sales"], sale]},
        {**second, "sales": second["sales"][1:]},
        *others,
    ]


def passed_on(items: list[Item]) -> list[Item]:
    """Put the last row of each account into the next one: those between lose as many as they get."""
    lists = [item["sales"] for item in items]
    passed = [sales[-1:] for sales in lists[:-1]]
    kept = [*(sales[:-1] for sales in lists[:-1]), lists[-1]]
    return [
        {**item, "sales": [*own, *new]} for item, own, new in zip(items, kept, [[], *passed], strict=True)
    ]


def result(text: str, change: Change, **options: Any) -> Any:
    with Generator(Reader(change, always=options.pop("always", False))) as generator:
        return generator.result(ACCOUNTS, text, **options)


SHAPES = {"column": table(ITEMS), "cards": cards(ITEMS)}
CHANGES = {"right": right, "short": short, "moved": moved, "passed on": passed_on}


@pytest.mark.parametrize("text", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_every_row_has_its_item_in_its_account(text: str, change: Change) -> None:
    """What an account lacks is asked for, and a row in another account goes to its own."""
    found = result(text, change)
    assert found.data == ITEMS
    assert found.coverage[""].expected == len(ITEMS)
    for index, item in enumerate(ITEMS):
        inner = found.coverage[f"/{index}/sales"]
        assert (inner.expected, inner.found, inner.complete) == (len(item["sales"]), len(item["sales"]), True)


@pytest.mark.parametrize("text", SHAPES.values(), ids=SHAPES)
def test_rows_that_stay_missing_are_told_with_their_places(text: str) -> None:
    """They are those of the account whose list lacks them."""
    with pytest.raises(Incomplete) as caught:
        result(text, unreadable, always=True)
    coverage = caught.value.coverage
    assert coverage is not None
    [*places] = coverage["/1/sales"].unclaimed
    assert coverage["/1/sales"].complete is False
    assert [text[span.start : span.end].split(".")[0][-3:] for span in places] == ["202", "204"]


def test_rows_of_accounts_that_are_mixed_are_asked_for() -> None:
    """The number of accounts is not certain: the missing rows go where their own text says."""
    found = result(table(ITEMS, mixed=True), short)
    assert [sorted(item["sales"], key=json.dumps) for item in found.data] == [
        sorted(item["sales"], key=json.dumps) for item in ITEMS
    ]
    assert [found.coverage[f"/{index}/sales"].complete for index in range(3)] == [None, None, None]


def test_a_row_of_another_account_is_told_where_accounts_are_mixed() -> None:
    """The row says whose it is; the groups are no certain ones, and the item stays where the model put it."""
    found = result(table(ITEMS, mixed=True), moved)
    at = found.data[0]["sales"].index(ITEMS[1]["sales"][0])
    assert f"/0/sales/{at}" in found.coverage["/0/sales"].unsupported
    assert "not-in-row" in {warning.code for warning in found.warnings}


def test_a_list_of_which_the_text_shows_no_rows_has_an_unknown_coverage() -> None:
    """Every list inside of an item has an entry."""
    items = [{"account": "A17", "sales": [{"date": "May", "amount": 1.5}]}]
    with Generator(FakeEngine([json.dumps(items)])) as generator:
        found = generator.result(ACCOUNTS, "In May the account A17 sold one piece for 1.50 in all.")
    assert found.coverage["/0/sales"].complete is None
    assert found.coverage["/0/sales"].found == 1


def test_a_long_table_is_read_group_by_group() -> None:
    """No account is cut, and each is read with the header."""
    items = [account(f"{name}55", 9) for name in "ABCDEFGHKLMN"]
    found = result(table(items), right, limits={"rows_per_segment": 20})
    assert found.data == items
    assert all(each.complete for each in found.coverage.values())
    assert len(found.coverage) == 1 + len(items)


def test_whole_items_are_streamed() -> None:
    """An account comes with all of its rows."""
    items = [account(f"{name}55", 9) for name in "ABCDEF"]
    with Generator(Reader(right)) as generator:
        streamed = list(generator.iter_extract(ACCOUNTS, table(items), limits={"rows_per_segment": 20}))
    assert streamed == items
