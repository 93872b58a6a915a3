"""The evidence of a result belongs to its data, and to no other candidate."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, field_validator
from scripted_service import ATTEMPT, USAGE, Connect, answer, json

from structgen.types import Evidence


class Even(BaseModel):
    n: int

    @field_validator("n")
    @classmethod
    def even(cls, n: int) -> int:
        if n % 2:
            raise ValueError("n must be even")
        return n


PROOF = {"evidence": {"/n": {"kind": "exact", "start": 0, "end": 1, "candidates": 1}}}


def candidates(*values: int) -> dict[str, Any]:
    listed = [
        {"status": "valid", "data": {"n": n}, "violations": [], "attempts": [ATTEMPT], "usage": USAGE}
        for n in values
    ]
    attempts = {"attempts": [ATTEMPT] * len(values)}
    return {**answer({"n": values[0]}), **PROOF, **attempts, "candidates": listed}


def test_the_first_candidate_has_the_evidence(connect: Connect) -> None:
    """It is the data of the response."""
    client, _ = connect(json(200, candidates(2, 4)))
    result = client.result(Even, "2 or 4", n=2)
    assert (result.data, result.evidence) == (Even(n=2), {"/n": Evidence("exact", 0, 1, 1)})


def test_a_later_candidate_has_none(connect: Connect) -> None:
    """The validators of the type reject the first one, whose places say nothing of another value."""
    client, _ = connect(json(200, candidates(3, 4)))
    result = client.result(Even, "3 or 4", n=2)
    assert (result.data, result.evidence) == (Even(n=4), None)


def test_an_object_comes_from_the_last_attempt_of_the_first_reading(connect: Connect) -> None:
    """A further reading made no object: its attempt is not the one that is rejected."""
    attempts = {"attempts": [ATTEMPT, {**ATTEMPT, "reading": 2}]}
    client, _ = connect(json(200, {**answer({"n": 3}), **PROOF, **attempts}), json(200, answer({"n": 4})))
    result = client.result(Even, "3 or 4", evidence={"readings": 2})
    assert [(a.status, a.reading) for a in result.attempts] == [("violations", 1), ("valid", 2), ("valid", 1)]


def test_a_correction_is_no_part_of_the_document(connect: Connect) -> None:
    """It has the rejected values, which are no evidence: the prompt has it instead."""
    client, service = connect(*[json(200, {**answer({"n": n}), **PROOF}) for n in (3, 4, 5, 6)])
    client.result(Even, "3 or 4", evidence=True)
    client.result(Even, "5 or 6", prompt="Which?", evidence=True)
    assert [body["document"] for body in service.bodies] == ["3 or 4"] * 2 + ["5 or 6"] * 2
    assert '{"n":3}' in service.bodies[1]["prompt"]
    assert service.bodies[3]["prompt"].startswith("Which?\n\n")
