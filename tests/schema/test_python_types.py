"""The schema of a Python type, and so the grammar, allows what the type accepts."""

import dataclasses
import datetime as dt
import decimal
import enum
import ipaddress
import json
import re
import uuid
from typing import Annotated, Any, Generic, Literal, NamedTuple, Optional, TypeVar, Union

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import (
    UUID4,
    AfterValidator,
    AliasChoices,
    AliasPath,
    AwareDatetime,
    Base64Bytes,
    BaseModel,
    ConfigDict,
    Field,
    HttpUrl,
    IPvAnyAddress,
    NaiveDatetime,
    PastDatetime,
    RootModel,
    SecretStr,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic.dataclasses import dataclass as validated_dataclass
from typing_extensions import TypedDict

from structgen import json_text
from structgen.errors import InvalidSchema
from structgen.schema import Schema

pytest.importorskip("llguidance", reason="the grammar is in the extra `local`")
from test_lowering import accepts

T = TypeVar("T")


class Colour(enum.Enum):
    RED, GREEN = "red", "green"


class Plain(BaseModel):
    a: int


class Forbidding(BaseModel):
    model_config = ConfigDict(extra="forbid")
    a: int


class Allowing(BaseModel):
    model_config = ConfigDict(extra="allow")
    a: int


class AllowingNumbers(BaseModel):
    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, int]
    a: int


class Documented(BaseModel):
    model_config = ConfigDict(json_schema_extra={"additionalProperties": True})
    a: int


class Checked(BaseModel):
    a: int

    @model_validator(mode="after")
    def fine(self) -> "Checked":
        return self


class Node(BaseModel):
    a: int
    nodes: list["Node"] = []


class Box(BaseModel, Generic[T]):
    a: T


class Empty(BaseModel):
    pass


class Inherited(Plain):
    b: int = 0


@dataclasses.dataclass
class Data:
    a: int


@dataclasses.dataclass
class AllowingData:
    __pydantic_config__ = ConfigDict(extra="allow")
    a: int


@validated_dataclass
class ValidatedData:
    a: int


class Dictionary(TypedDict):
    a: int


class AllowingDictionary(TypedDict):
    __pydantic_config__ = ConfigDict(extra="allow")  # type: ignore[misc]
    a: int


class Optionals(TypedDict, total=False):
    a: int


class Numbers(TypedDict, extra_items=int):  # type: ignore[call-arg]
    a: int


class Pair(NamedTuple):
    a: int
    b: str = "x"


class Table(RootModel[dict[str, int]]):
    pass


@pytest.mark.parametrize(
    ("kind", "closed"),
    [
        (Plain, True), (Forbidding, True), (Allowing, False), (AllowingNumbers, False), (Documented, False),
        (Checked, True), (Node, True), (Box[int], True), (Inherited, True), (Data, True), (AllowingData, False),
        (ValidatedData, True), (Dictionary, True), (AllowingDictionary, False), (Optionals, True), (Numbers, False),
        (Table, False),
    ],
    ids=lambda case: getattr(case, "__name__", str(case)),
)  # fmt: skip
def test_a_type_is_closed_unless_it_allows_more(kind: Any, closed: bool) -> None:
    """The schema of a type forbids undeclared members unless the type allows them."""
    schema = Schema.parse(kind)
    assert schema.violations({"a": 1}) == []
    assert accepts(schema.grammar, '{"a":1}')
    assert accepts(schema.grammar, '{"a":1,"other":2}') is not closed
    assert bool(schema.violations({"a": 1, "other": 2})) is closed


@pytest.mark.parametrize("kind", [Plain, Data, Dictionary, Box[int], Node])
def test_a_type_inside_of_others_is_closed_too(kind: Any) -> None:
    """Types in lists, unions and dictionaries forbid undeclared members."""
    for around in (list[kind], Optional[kind], dict[str, kind], Union[kind, str]):  # noqa: UP007, UP045
        schema = Schema.parse(around)
        value: Any = {"a": 1}
        for wrapped in ([value], value, {"b": value}):
            if schema.violations(wrapped) == []:
                text = json_text.dumps(wrapped)
                assert accepts(schema.grammar, text)
                assert not accepts(schema.grammar, text.replace("}", ',"other":2}', 1))
                break
        else:
            pytest.fail("no form of the value is valid")


class Cat(BaseModel):
    kind: Literal["cat"] = "cat"
    lives: int


class Dog(BaseModel):
    kind: Literal["dog", "hound"] = "dog"
    age: int


class First(BaseModel):
    version: Literal[1] = 1


class Second(BaseModel):
    version: Literal[2] = Field(default=2)


class Named(BaseModel):
    kind: Literal["named"] = Field(default="named", alias="Kind")


class Other(BaseModel):
    kind: Literal["other"] = Field(default="other", alias="Kind")


Animal = Annotated[Cat | Dog, Field(discriminator="kind")]


class Zoo(BaseModel):
    animals: list[Animal]


@pytest.mark.parametrize(
    ("kind", "valid", "invalid"),
    [
        (
            Animal,
            [{"kind": "cat", "lives": 9}, {"kind": "hound", "age": 1}],
            [{"lives": 9}, {"kind": "cow"}, {}],
        ),
        (Zoo, [{"animals": [{"kind": "dog", "age": 3}]}], [{"animals": [{"age": 3}]}]),
        (Annotated[First | Second, Field(discriminator="version")], [{"version": 2}], [{}, {"version": "2"}]),
        (Annotated[Named | Other, Field(discriminator="kind")], [{"Kind": "named"}], [{}, {"Kind": "none"}]),
        (
            Union[Animal, Plain],  # noqa: UP007
            [{"kind": "cat", "lives": 1}],
            [{"lives": 1}],
        ),
    ],
    ids=["models", "inside", "numbers", "aliases", "nested"],
)
def test_the_grammar_wants_the_tag_that_the_type_wants(
    kind: Any, valid: list[Any], invalid: list[Any]
) -> None:
    """The grammar requires the tag of a union although it has a default."""
    schema = Schema.parse(kind)
    for value in valid:
        TypeAdapter(kind).validate_python(value)
        assert schema.violations(value) == []
        assert accepts(schema.grammar, json_text.dumps(value))
    for value in invalid:
        with pytest.raises(ValidationError):
            TypeAdapter(kind).validate_python(value)
        assert schema.violations(value)
        assert not accepts(schema.grammar, json_text.dumps(value))


Price = Annotated[decimal.Decimal, Field(max_digits=6, decimal_places=2)]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}\d{3}$")]
Word = Annotated[str, StringConstraints(pattern=r"^[\w-]+$")]
Rust = Annotated[str, StringConstraints(pattern=r"(?i)\A[a-z]+\z")]
Flagged = Annotated[str, StringConstraints(pattern=re.compile("^[a-z]+$", re.IGNORECASE))]  # type: ignore[arg-type]
Strict = Annotated[dt.datetime, Field(strict=True)]
TYPES: dict[str, tuple[Any, list[Any]]] = {
    "datetime": (dt.datetime, ["2026-03-02T10:30:15Z", "2026-03-02T10:30", "2026-03-02 10:30:00", "2026-03-02",
                               "2026-03-02T10:30+01:00", "2026-03-02T10:30:15.123456-05:30"]),
    "naive datetime": (NaiveDatetime, ["2026-03-02T10:30", "2026-03-02 10:30:15.5", "2026-03-02"]),
    "aware datetime": (AwareDatetime, ["2026-03-02T10:30Z", "2026-03-02T10:30:15+01:00"]),
    "past datetime": (PastDatetime, ["2020-03-02T10:30", "2020-03-02"]),
    "strict datetime": (Strict, ["2026-03-02T10:30", "2026-03-02T10:30:00Z"]),
    "time": (dt.time, ["10:30", "10:30:15", "10:30Z", "10:30:15.25+02:00"]),
    "date": (dt.date, ["2026-03-02"]),
    "timedelta": (dt.timedelta, ["PT2H30M", "P1D", "P1DT12H", "P2W", "-PT5M", "PT0.5S", "02:30", "26:00:00"]),
    "uuid": (uuid.UUID, ["6F9619FF-8B86-D011-B42D-00C04FC964FF"]),
    "uuid4": (UUID4, ["6f9619ff-8b86-4011-b42d-00c04fc964ff"]),
    "decimal": (decimal.Decimal, [1069.22, 7, -0.5, "12.10", "-3"]),
    "price": (Price, [1069.22, "1069.20", "7"]),
    "bytes": (bytes, ["any text", ""]),
    "base64": (Base64Bytes, ["aGVsbG8=", "aGVsbG8h", ""]),
    "ipv4": (ipaddress.IPv4Address, ["192.0.2.1"]),
    "ipv4network": (ipaddress.IPv4Network, ["192.0.2.0/24", "192.0.2.1"]),
    "any ip": (IPvAnyAddress, ["192.0.2.1", "2001:db8::1"]),
    "url": (HttpUrl, ["https://example.com/a?b=c"]),
    "secret": (SecretStr, ["hush"]),
    "code": (Code, ["AB123"]),
    "word": (Word, ["Müller-Lüdenscheidt", "x_1"]),
    "pattern of Rust": (Rust, ["AbC"]),
    "pattern with a flag": (Flagged, ["AbC"]),
    "enum": (Colour, ["red"]),
    "literal": (Literal["a", 1, None], ["a", 1, None]),
    "optional": (Optional[int], [3, None]),  # noqa: UP045
    "set": (set[int], [[1, 2], []]),
    "tuple": (tuple[int, str], [[1, "a"]]),
    "named tuple": (Pair, [[1, "a"], [1]]),
    "dict of enum": (dict[Colour, int], [{"red": 1}]),
    "model without fields": (Empty, [{}]),
    "recursive": (Node, [{"a": 1, "nodes": [{"a": 2, "nodes": []}]}]),
}  # fmt: skip


@pytest.mark.parametrize(("kind", "values"), TYPES.values(), ids=TYPES)
def test_what_documents_say_can_be_written(kind: Any, values: list[Any]) -> None:
    """The grammar accepts a time as documents have it, without a zone or seconds."""
    schema = Schema.parse(kind)
    assert schema.warnings == []
    for value in values:
        assert schema.violations(value) == [], value
        assert accepts(schema.grammar, json_text.dumps(value)), value
        schema.to_python(value)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (NaiveDatetime, "2026-03-02T10:30Z"), (AwareDatetime, "2026-03-02T10:30"), (AwareDatetime, "2026-03-02"),
        (dt.datetime, "10:30"), (dt.datetime, "2026-13-02"), (dt.time, "2026-03-02"), (dt.time, "24:00"),
        (dt.timedelta, "2 hours"), (UUID4, "6f9619ff-8b86-1011-b42d-00c04fc964ff"), (Base64Bytes, "aGVsbG8"),
        (Price, "1.234"), (HttpUrl, "www.example.com"), (ipaddress.IPv4Network, "192.0.2.0/33"),
        (Strict, "2026-03-02"),
    ],
    ids=str,
)  # fmt: skip
def test_what_the_type_refuses_cannot_be_written(kind: Any, text: str) -> None:
    """The grammar rejects values that the type rejects, where a grammar can express that."""
    schema = Schema.parse(kind)
    assert not accepts(schema.grammar, json_text.dumps(text))
    assert schema.violations(text)
    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_json(json_text.dumps(text))


def strings_of(definition: Any) -> st.SearchStrategy[str]:
    """Strings that the patterns of a schema allow."""
    patterns = [definition["pattern"]] if "pattern" in definition else []
    patterns += [part["pattern"] for part in definition.get("anyOf", ()) if "pattern" in part]
    return st.one_of(
        [st.from_regex(pattern.replace("$", r"\Z"), alphabet=st.characters()) for pattern in patterns]
    )


PATTERNED = ["datetime", "naive datetime", "aware datetime", "strict datetime", "time", "timedelta", "uuid4",
             "decimal", "price", "base64", "ipv4network"]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(PATTERNED), st.data())
def test_what_the_grammar_writes_is_accepted_or_caught(name: str, data: st.DataObject) -> None:
    """A text of the grammar loads, or the type reports it: a month may lack the day."""
    kind = TYPES[name][0]
    schema = Schema.parse(kind)
    text = data.draw(strings_of(schema.definition))
    try:
        TypeAdapter(kind).validate_json(json_text.dumps(text))
    except ValidationError:
        assert schema.violations(text)
    else:
        assert schema.violations(text) == []


class Paths(BaseModel):
    a: int = Field(validation_alias=AliasChoices("first", AliasPath("names", 0)))
    b: int = Field(default=0, validation_alias=AliasPath("names", 1))


class OnlyPath(BaseModel):
    a: int = Field(validation_alias=AliasPath("names", 0))


class ByName(BaseModel):
    model_config = ConfigDict(validate_by_name=True, validate_by_alias=False)
    a: int = Field(alias="first")


class ForOutput(BaseModel):
    a: int = Field(serialization_alias="first")


@pytest.mark.parametrize(
    ("kind", "value"),
    [(Paths, {"first": 1}), (ByName, {"a": 1}), (ForOutput, {"a": 1}), (Named, {"Kind": "named"})],
)
def test_names_are_those_by_which_the_type_reads(kind: Any, value: Any) -> None:
    """The schema has the validation aliases, not the serialisation aliases."""
    schema = Schema.parse(kind)
    assert list(schema.definition["properties"]) == list(value)
    assert schema.violations(value) == []


def test_a_field_that_has_no_name_of_its_own_is_refused() -> None:
    """A required field that is read from a path is refused, with advice."""
    with pytest.raises(InvalidSchema, match="names/0: give it a plain alias"):
        Schema.parse(OnlyPath)


def test_defaults_that_json_cannot_say_are_left_out() -> None:
    """A default that JSON cannot represent is left out without a warning."""

    class Odd(BaseModel):
        a: Any = Field(default=object())
        b: float = float("inf")
        c: bytes = b"\xff"
        d: decimal.Decimal = decimal.Decimal("1.5")

    schema = Schema.parse(Odd)
    assert [name for name, part in schema.definition["properties"].items() if "default" in part] == ["d"]
    assert schema.violations({}) == []


def test_what_a_hook_of_a_type_raises_is_told() -> None:
    """An exception of a hook of a type becomes `InvalidSchema`."""

    class Broken(BaseModel):
        a: int

        @classmethod
        def __get_pydantic_json_schema__(cls, core_schema: Any, handler: Any) -> Any:
            raise KeyError("gone")

    with pytest.raises(InvalidSchema, match="gone"):
        Schema.parse(Broken)


ERRORS = [KeyError("gone"), ZeroDivisionError("by zero"), TypeError("{odd} braces"), IndexError(), OSError(2, "no"),
          RecursionError("deep"), AttributeError("a"), StopIteration(), RuntimeError("\ud800")]  # fmt: skip


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("place", ["field", "model", "before", "root", "post init"])
def test_whatever_a_validator_raises_is_a_violation(error: Exception, place: str) -> None:
    """Any exception of a validator is a violation, and `load` raises `ValidationError`."""
    schema = Schema.parse(_raising(error)[place])
    value: Any = 1 if place == "root" else {"a": 1}
    (violation,) = schema.violations(value)
    assert (violation.pointer, violation.keyword) == ("", "validator_error")
    assert type(error).__name__ in violation.message
    json.dumps(violation.to_json()).encode()
    with pytest.raises(ValidationError):
        schema.to_python(value)


def _raising(error: Exception) -> dict[str, Any]:
    class ByField(BaseModel):
        a: int

        @field_validator("a")
        @classmethod
        def check(cls, value: int) -> int:
            raise error

    class ByModel(BaseModel):
        a: int

        @model_validator(mode="after")
        def check(self) -> "ByModel":
            raise error

    class Before(BaseModel):
        a: int

        @model_validator(mode="before")
        @classmethod
        def check(cls, value: Any) -> Any:
            raise error

    def check(_: int) -> int:
        raise error

    @dataclasses.dataclass
    class PostInit:
        a: int

        def __post_init__(self) -> None:
            raise error

    root = Annotated[int, AfterValidator(check)]
    return {"field": ByField, "model": ByModel, "before": Before, "root": root, "post init": PostInit}
