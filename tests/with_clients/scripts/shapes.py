"""What the clients ask for: every text, number and list has bounds, so that an answer of random weights ends."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

PROMPT = "Ada, 36, admin in Turin."
Short = Annotated[str, Field(max_length=12)]


class Closed(BaseModel):
    """An open object would let random weights add members without end."""

    model_config = ConfigDict(extra="forbid")


class Address(Closed):
    city: Short


class Person(Closed):
    """A person whom a text mentions."""

    name: Short
    age: Annotated[int, Field(ge=0, le=150)]
    born: date | None = None
    role: Literal["admin", "user"]
    address: Address
    tags: Annotated[list[Short], Field(max_length=3)] = []


class Note(Closed):
    """A note with nothing but JSON's own types, for clients that read a part of an object strictly."""

    title: Short
    stars: Annotated[int, Field(ge=1, le=5)]
    done: bool


class Weather(Closed):
    """Tell the weather of a city."""

    city: Short
    unit: Literal["C", "F"]


class Calendar(Closed):
    """Tell what happens on a day."""

    day: Annotated[int, Field(ge=1, le=31)]
    titles: Annotated[list[Short], Field(max_length=2)] = []


TOOLS = {"Weather": Weather, "Calendar": Calendar}
GRAMMAR = 'start: "yes" | "no" | NUMBER\nNUMBER: /[0-9]{1,3}/'
REGEX = "(north|south)-[0-9]{2}"
CHOICE = ["alpha", "beta"]


def function_tool(name: str) -> dict[str, object]:
    """Return a tool as a caller writes it by hand: not strict, and open."""
    model = TOOLS[name]
    function = {"name": name, "description": model.__doc__, "parameters": model.model_json_schema()}
    return {"type": "function", "function": function}
