"""The tags around the pieces of a reply, and the pieces as events."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import TypeAlias

_JSON_CHARACTERS = frozenset(' \t\r\n{}[],:"-0123456789tfn')
"""Characters that a JSON text may have outside of its strings."""


@dataclass(frozen=True, slots=True)
class ReplyTags:
    """The tags of a model's reply; Hermes' own by default.

    Raises `ValueError` where a tag holds another one, or begins as JSON does: a splitter could not tell them.
    """

    think_open: str = "<think>"
    think_close: str = "</think>"
    call_open: str = "<tool_call>"
    call_close: str = "</tool_call>"
    response_open: str = "<tool_response>"

    def __post_init__(self) -> None:
        tags = self.all
        for tag in tags:
            if not tag or tag[0] in _JSON_CHARACTERS:
                raise ValueError(f"the tag {tag!r} must begin with a character that JSON never has by itself")
        if any(one in other for i, one in enumerate(tags) for other in (*tags[:i], *tags[i + 1 :])):
            raise ValueError(f"no tag may hold another one: {', '.join(tags)}")

    @property
    def all(self) -> tuple[str, ...]:
        """All five tags."""
        return astuple(self)


HERMES = ReplyTags()


@dataclass(frozen=True, slots=True)
class ReasoningText:
    """A piece of a thought."""

    text: str


@dataclass(frozen=True, slots=True)
class ContentText:
    """A piece of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class CallText:
    """The text between the tags of one call, as the model wrote it.

    `closed` is False where the reply ended inside of the call: its text may be cut.
    """

    text: str
    closed: bool


ReplyEvent: TypeAlias = ReasoningText | ContentText | CallText


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole reply, split: its thoughts, its answer, and its calls in their order."""

    reasoning: str
    content: str
    calls: tuple[CallText, ...]
