"""With `on_absent: "null"`, required members are null where the document does not say them."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel, field_validator

from structgen import Generator
from structgen.engines.fake import FakeEngine
from structgen.errors import BadRequest, Unsatisfied
from structgen.types import Limits

SCHEMA = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "total": {"type": "number"}},
    "required": ["name", "total"],
    "additionalProperties": False,
}
ONCE = Limits(max_attempts=1)


class Bill(BaseModel):
    name: str
    total: float

    @field_validator("name")
    @classmethod
    def has_no_digits(cls, name: str) -> str:
        if any(letter.isdigit() for letter in name):
            raise ValueError("a name has no digits")
        return name


def generator(*replies: str) -> Generator:
    return Generator(FakeEngine(list(replies)))


def test_a_null_is_listed_under_the_schema_of_the_caller() -> None:
    """The result names the schema that was given, and the members that are absent."""
    with generator('{"name":"Ada","total":null}', '{"name":"Ada","total":3}') as some:
        result = some.result(SCHEMA, "Ada", on_absent="null", evidence=True)
        assert (result.data, result.absent) == ({"name": "Ada", "total": None}, ("/total",))
        assert result.schema.definition == SCHEMA
        assert result.to_json()["absent"] == ["/total"]
        assert result.evidence is not None
        assert result.evidence["/total"].kind == "none"
        present = some.result(SCHEMA, "Ada, 3", on_absent="null")
        assert (present.absent, "absent" in present.to_json()) == ((), False)


def test_without_it_the_schema_rules() -> None:
    """A null is a violation, as ever."""
    with generator('{"name":"Ada","total":null}') as some, pytest.raises(Unsatisfied):
        some.result(SCHEMA, "Ada", limits=ONCE)


def test_other_values_are_refused() -> None:
    """The message lists the choices."""
    with generator("{}") as some, pytest.raises(BadRequest, match=r"on_absent.*error.*null"):
        some.result(SCHEMA, "Ada", on_absent="none")


def test_a_type_takes_no_null_that_it_does_not_know() -> None:
    """The error names the member and the option, in one piece and item by item."""
    with generator('{"name":"Ada","total":null}') as some:
        with pytest.raises(Unsatisfied, match="/total: on_absent=") as caught:
            some.extract(Bill, "Ada", on_absent="null")
        assert [violation.pointer for violation in caught.value.violations] == ["/total"]
    with generator('[{"name":"Ada","total":1},{"name":"Ada","total":null}]') as some:
        items = some.iter_extract(Bill, "Ada", on_absent="null")
        assert next(items) == Bill(name="Ada", total=1)
        with pytest.raises(Unsatisfied, match="/1/total: on_absent="):
            next(items)


@pytest.mark.parametrize("value", ["Ada", "Ada1"])
def test_validators_of_the_type_still_rule(value: str) -> None:
    """The relaxed schema does not know them: they judge the data at the end."""
    with generator(f'{{"name":"{value}","total":3}}') as some:
        if value == "Ada":
            assert some.extract(Bill, "text", on_absent="null") == Bill(name="Ada", total=3)
            return
        with pytest.raises(Unsatisfied, match="has no digits"):
            some.extract(Bill, "text", on_absent="null")


def test_items_of_plain_json_may_be_null() -> None:
    """A list in process delivers them one by one."""
    listed: dict[str, Any] = {"type": "array", "items": SCHEMA}
    with generator('[{"name":"Ada","total":null}]') as some:
        assert list(some.iter_extract(listed, "Ada", on_absent="null")) == [{"name": "Ada", "total": None}]
