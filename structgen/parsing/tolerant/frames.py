"""Hold the containers that are open at one place of a reading."""

from __future__ import annotations

from typing import TYPE_CHECKING

from structgen.parsing.tolerant.parse_result import ParseError

if TYPE_CHECKING:
    from structgen.parsing.tolerant.expectation import Expectation

MAX_DEPTH = 500
"""Containers that may be open at once."""
_MAX_SEEN = 64
"""Objects of one role whose keys are remembered."""
Role = int
"""The keys from the root to a container, without the indexes of lists."""


class Frame:
    """An open container. Readings share it, so that its keys are those that any of them read.

    `closing` is the bracket that closes it; "" for a list whose brackets are left out.
    """

    __slots__ = (
        "closing", "count", "depth", "expect", "indent", "is_object", "keys", "parent", "role", "shape",
        "signature", "start",
    )  # fmt: skip

    def __init__(
        self,
        parent: Frame | None,
        is_object: bool,
        closing: str,
        start: int,
        expect: Expectation | None,
        role: Role,
        shape: frozenset[str] | None,
    ) -> None:
        self.parent, self.is_object, self.closing, self.start = parent, is_object, closing, start
        self.expect, self.role, self.shape = expect, role, shape
        self.signature = 0
        """A number that frames with equal brackets around them share; 0 until `Frames.signature` gives it."""
        self.depth: int = 1 if parent is None else parent.depth + 1
        self.keys: dict[str, int] = {}
        """The keys, and where each was read first."""
        self.indent: int | None = None
        """Columns before the first member or item, where it begins a line."""
        self.count = 0


class Frames:
    """Open the containers of one text, and learn which keys its objects have."""

    __slots__ = ("_roles", "_signatures", "objects", "seen", "shapes")

    def __init__(self) -> None:
        self._roles: dict[tuple[Role, str], Role] = {}
        self._signatures: dict[tuple[int, bool, str, int], int] = {}
        self.objects: list[Frame] = []
        self.seen: dict[Role, list[dict[str, int]]] = {}
        self.shapes: dict[Role, frozenset[str]] = {}
        """The keys that objects of a role have."""

    def open(
        self,
        parent: Frame | None,
        key: str | None,
        closing: str,
        start: int,
        expect: Expectation | None,
        is_object: bool,
    ) -> Frame:
        """Return a new container within `parent`; `ParseError` where too many are open."""
        outer, depth = (-1, 0) if parent is None else (parent.role, parent.depth)
        if depth >= MAX_DEPTH:
            raise ParseError(f"more than {MAX_DEPTH} brackets are open", start)
        path = (outer, "[]" if key is None else key)
        role = self._roles.setdefault(path, len(self._roles))
        shape = self.shapes.get(role) if is_object else None
        frame = Frame(parent, is_object, closing, start, expect, role, shape)
        if is_object:
            self.objects.append(frame)
        return frame

    def signature(self, frame: Frame) -> int:
        """Return the number that a container shares with those that are open alike, in alike containers."""
        unsigned: list[Frame] = []
        outer: Frame | None = frame
        while outer is not None and not outer.signature:
            unsigned.append(outer)
            outer = outer.parent
        signature = 0 if outer is None else outer.signature
        for inner in reversed(unsigned):
            form = (signature, inner.is_object, inner.closing, id(inner.expect))
            inner.signature = signature = self._signatures.setdefault(form, len(self._signatures) + 1)
        return signature

    def learn(self, frame: Frame) -> None:
        """Remember the keys of an object that closed with its own bracket."""
        if not frame.keys:
            return
        seen = self.seen.setdefault(frame.role, [])
        if len(seen) < _MAX_SEEN:
            seen.append(frame.keys)
            if frame.role not in self.shapes:
                self.shapes[frame.role] = frozenset(frame.keys)

    def usual_shapes(self) -> dict[Role, frozenset[str]]:
        """Return the keys that most objects of each role have; empty where no object has others."""
        if len({frame.role for frame in self.objects}) == len(self.objects):
            return {}
        shapes = {}
        for role, seen in self.seen.items():
            counts: dict[str, int] = {}
            for keys in seen:
                for key in keys:
                    counts[key] = counts.get(key, 0) + 1
            shapes[role] = frozenset(key for key, count in counts.items() if 2 * count > len(seen))
        odd = any(
            not shape.issuperset(frame.keys)
            for frame in self.objects
            if (shape := shapes.get(frame.role)) is not None
        )
        return shapes if odd else {}
