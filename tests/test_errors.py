"""Each class of the tree of errors carries its status, members and exit code."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from structgen import errors
from structgen.api.problems import member_fields
from structgen.client.problems import from_problem
from structgen.errors import PROBLEMS, StructgenError
from structgen.server.errors import problem
from structgen.types import Attempt, Usage, Violation

EXIT_CODES: dict[int, tuple[type[StructgenError], ...]] = {
    1: (
        errors.GenerationError,
        errors.Incomplete,
        errors.Unsatisfied,
        errors.DeadlineExceeded,
    ),
    2: (
        errors.BadRequest,
        errors.Unauthorized,
        errors.Forbidden,
        errors.UnsupportedMedia,
        errors.NotFound,
        errors.MethodNotAllowed,
        errors.TooLarge,
        errors.SchemaError,
        errors.InvalidSchema,
        errors.SchemaLimit,
        errors.InputLimit,
        errors.UnreadableFile,
        errors.PromptTooLong,
        errors.ConfigError,
        errors.MissingExtra,
        errors.Unplannable,
    ),
    3: (
        StructgenError,
        errors.RequestTimeout,
        errors.Unavailable,
        errors.Overloaded,
        errors.EngineUnavailable,
        errors.ConnectionFailed,
        errors.BadResponse,
        errors.EngineFailed,
        errors.ConverterFailed,
        errors.ClientGone,
    ),
}
"""The exit codes that docs/command-line.md documents, for every class."""
ACCOUNT = [Attempt(1, "constrained", "violations")], Usage(1, 2)
FAULTS = [Violation("/a", "type", "1 is not of type 'string'")]
INSTANCES = [
    errors.BadRequest("x", FAULTS),
    errors.TooLarge("x", 5),
    errors.InvalidSchema("x", FAULTS),
    errors.SchemaLimit("x", "max_enum", 6, 5),
    errors.InputLimit("x", "max_leaves", 6, 5),
    errors.UnreadableFile("x", "encrypted", "a.pdf"),
    errors.PromptTooLong("x", 6, 5),
    errors.Incomplete("x", *ACCOUNT, {"a": 1}, "/b"),
    errors.Unsatisfied("x", *ACCOUNT, FAULTS, {"a": 1}),
    errors.DeadlineExceeded("x", *ACCOUNT),
    errors.Overloaded("x", 1.5),
    errors.EngineUnavailable("x", 2.5),
]
WITHOUT_MEMBERS = [kind("x") for kind in PROBLEMS.values() if not kind.members]


def tree(kind: type[StructgenError]) -> Iterator[type[StructgenError]]:
    """Yield the class and all classes below it."""
    yield kind
    for child in kind.__subclasses__():
        yield from tree(child)


def test_every_class_has_its_documented_exit_code() -> None:
    """The table of exit codes has each class of the tree once, with the code of the class."""
    ours = [kind for kind in tree(StructgenError) if kind.__module__ == errors.__name__]
    assert {kind: kind.exit_code for kind in ours} == {
        kind: code for code, kinds in EXIT_CODES.items() for kind in kinds
    }


def test_a_problem_has_its_own_name_and_its_own_meaning() -> None:
    """A class that states a status states its meaning and its name too."""
    for kind in tree(StructgenError):
        if "status" in vars(kind):
            assert {"name", "meaning"} <= vars(kind).keys(), kind


@pytest.mark.parametrize("error", [*INSTANCES, *WITHOUT_MEMBERS], ids=lambda error: error.name)
def test_the_client_raises_what_the_service_sent(error: StructgenError) -> None:
    """An error read from its own problem has the same class, detail and members."""
    received = from_problem(problem(error, "6b1f0c"))
    assert (type(received), str(received)) == (type(error), str(error))
    assert received.problem_members() == error.problem_members()


def test_every_problem_with_members_is_tested() -> None:
    """The list of instances has each problem with members, and OpenAPI describes each member."""
    with_members = {name for name, kind in PROBLEMS.items() if kind.members}
    assert with_members == {error.name for error in INSTANCES}
    for error in INSTANCES:
        assert error.problem_members().keys() <= member_fields(type(error)).keys()


def test_retry_after_is_a_member() -> None:
    """The seconds to wait are among the members, for every kind of interface."""
    assert errors.Overloaded("x", 1.5).problem_members() == {"retry_after": 1.5}
