"""Placeholders for a caller's texts, so that a chat template can neither change a text nor make it markup."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from typing import Any

from structgen.errors import BadRequest
from structgen.prompts.base import Segment
from structgen.prompts.reply_events import HERMES

_MARK = re.compile('\ue000(\\\\*)"(\\d+)\ue001')


@cache
def _schema_words() -> frozenset[str]:
    """Return the words of schemas: a template may compare or look them up, and none can make a token."""
    from structgen.schema import keywords  # brings the validators, which a plan of GPUs needs not

    return frozenset({*keywords.TYPES, *keywords.BY_NAME})


class TemplateMarks:
    """The placeholders of one conversation.

    A placeholder holds a quotation mark. Where the template wrote it as JSON, the mark has a backslash, and
    the text is escaped as the template would have done.
    """

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._once: list[int] = []
        self._some: list[int] = []
        self._by_text: dict[str, int] = {}

    def turn(self, segments: Iterable[Segment]) -> str:
        """Return the content of a turn: markup as it is, and a placeholder for each text.

        The template must write each one once; thoughts it may leave out.
        """
        written, before = "", ""
        for segment in segments:
            if segment.markup or not segment.text:
                written += segment.text
            else:
                if not before.startswith(HERMES.think_open):
                    self._once.append(len(self._texts))
                written += self._new(segment.text)
            before = segment.text
        return written

    def name(self, text: str) -> str:
        """Return the placeholder of a name, which the template must write for each tool and call."""
        mark = str(self.data(text))
        if text in self._by_text:
            self._some.append(self._by_text[text])
        return mark

    def data(self, value: Any) -> Any:
        """Return JSON data with placeholders for its strings, the same one for the same string."""
        if isinstance(value, dict):
            return {self.data(key): self.data(member) for key, member in value.items()}
        if isinstance(value, list):
            return [self.data(item) for item in value]
        if not isinstance(value, str) or not value or value in _schema_words():
            return value
        if value not in self._by_text:
            self._by_text[value] = len(self._texts)
            self._new(value)
        return _written(self._by_text[value])

    def _new(self, text: str) -> str:
        self._texts.append(text)
        return _written(len(self._texts) - 1)

    def segments(self, rendered: str) -> tuple[Segment, ...]:
        """Return the rendered prompt with the texts in their places.

        Raises `BadRequest` where the template left a text out, wrote a turn twice, or changed a placeholder.
        """
        pieces = _MARK.split(rendered)
        indices = [int(index) for index in pieces[2::3]]
        counts = Counter(indices)
        if any(counts[index] != 1 for index in self._once) or any("\ue000" in text for text in pieces[::3]):
            raise BadRequest("the model's chat template does not write each turn of the conversation once")
        if Counter(self._some) - counts:
            raise BadRequest(
                "the model's chat template does not write each tool and call of the conversation"
            )
        shared = set(self._by_text.values())
        segments = [Segment(pieces[0], True)]
        for backslashes, index, markup in zip(pieces[1::3], indices, pieces[3::3], strict=True):
            text = _escaped(self._texts[index], len(backslashes))
            segments += [Segment(text, False, inline=index in shared), Segment(markup, True)]
        return tuple(segment for segment in segments if segment.text)


def _written(index: int) -> str:
    return f'\ue000"{index}\ue001'


def _escaped(text: str, backslashes: int) -> str:
    """Escape the text as JSON, once for each time that a quotation mark was: 1, 3, 7, … backslashes."""
    for _ in range((backslashes + 1).bit_length() - 1):
        text = json.dumps(text, ensure_ascii=False)[1:-1]
    return text
