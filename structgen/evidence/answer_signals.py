"""Signals of each value from the attempts that wrote an answer: its tokens, retries, pins and repairs."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from structgen.evidence.answer_tokens import AnswerTokens
from structgen.evidence.grounding.leaves import leaves
from structgen.evidence.token_signals import Signals, token_signals


@dataclass(frozen=True)
class WrittenAnswer:
    """The text of one attempt, with its tokens."""

    text: str
    tokens: AnswerTokens = field(default_factory=AnswerTokens)
    opened: tuple[str, ...] = ()
    """Pointers to the values that the attempt could change; empty if it could change all."""
    plain: bool = False
    """Whether the text is the value itself, not JSON."""


@dataclass(frozen=True)
class AnswerHistory:
    """The attempts at one answer in their order, the valid one last, and what came after them."""

    answers: tuple[WrittenAnswer, ...] = ()
    forced: tuple[str, ...] = ()
    """Pointers to the values that the token budget cut or chose."""
    repaired: tuple[str, ...] = ()
    """Pointers to what a repair changed, or could have read otherwise."""

    def signals(self, value: Any) -> dict[str, Signals]:
        """Return the signals of each leaf of the valid value, by its pointer.

        Beside those of `token_signals`, each leaf has four that are 1 or 0: `retried` (a retry wrote it
        anew), `pinned` (a retry kept it), `forced` (the budget cut or chose it) and `repaired`.
        """
        written = [_Written.of(answer) for answer in self.answers]
        forced, repaired = frozenset(self.forced), frozenset(self.repaired)
        signals = {}
        for leaf in leaves(value):
            at = leaf.pointer
            of_tokens, pinned = _origin(written, at)
            chose = bool(of_tokens)
            signals[at] = of_tokens | {
                "retried": float(len(written) > 1 and not pinned and _was_open(written, at)),
                "pinned": float(pinned),
                "forced": float(at in forced or (not chose and _is_within(at, forced))),
                "repaired": float(_is_within(at, repaired)),
            }
        return signals


@dataclass(frozen=True)
class _Written:
    """What one attempt wrote: the text and the token signals of each scalar, by its pointer."""

    answer: WrittenAnswer
    texts: Mapping[str, str]
    signals: Mapping[str, Signals]

    @classmethod
    def of(cls, answer: WrittenAnswer) -> _Written:
        text = answer.text
        if not answer.tokens.known:
            return cls(answer, {}, {})
        if answer.plain:
            return cls(answer, {"": text}, {"": token_signals(answer.tokens.spans(text), 0)})
        texts, signals = {}, {}
        for scalar, spans in answer.tokens.of_scalars(text):
            content = scalar.start + (text[scalar.start] == '"')
            texts[scalar.pointer] = text[scalar.start : scalar.end]
            signals[scalar.pointer] = token_signals(spans, content)
        return cls(answer, texts, signals)


def _origin(written: Sequence[_Written], at: str) -> tuple[Signals, bool]:
    """Return the token signals of the attempt that chose the value, and whether later ones only kept it."""
    if not written:
        return {}, False
    *earlier, last = written
    if signals := last.signals.get(at):
        return dict(signals), False
    for attempt in reversed(earlier):
        if (signals := attempt.signals.get(at)) and attempt.texts[at] == last.texts.get(at):
            return dict(signals), True
    return {}, bool(earlier) and not last.signals and not _was_open(written, at)


def _was_open(written: Sequence[_Written], at: str) -> bool:
    """Return whether the last attempt could change the value."""
    opened = written[-1].answer.opened
    return not opened or _is_within(at, frozenset(opened))


def _is_within(at: str, pointers: Collection[str]) -> bool:
    """Return whether one of the pointers leads to the value, or to a container around it."""
    return bool(pointers) and any(outer in pointers for outer in _ancestors(at))


def _ancestors(at: str) -> Iterator[str]:
    """Yield a pointer and those of all containers around it."""
    while at:
        yield at
        at = at.rpartition("/")[0]
    yield ""
