"""A calibration file gives the values of its schema a confidence, and those of no other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

import structgen
from structgen import Client, Generator, Schema, json_text
from structgen.cli import main
from structgen.config import ServerConfig
from structgen.engines.fake import FakeEngine
from structgen.errors import BadRequest, ConfigError
from structgen.evidence.calibration.calibration import Calibration, Term
from structgen.evidence.calibration.files import calibration_of, calibrations_of
from structgen.evidence.calibration.observations import read_row
from structgen.server.app import create_app

Serve = Callable[..., str]
SCHEMA = {"type": "object", "properties": {"total": {"type": "number"}}, "required": ["total"]}
OTHER = {"type": "object", "properties": {"sum": {"type": "number"}}}
SOURCE, DATA = "Total: 12.50 EUR", {"total": 12.5}
HASH = Schema.parse(SCHEMA).hash
CALIBRATION = Calibration(0.5, {"score": Term(0.0, 1.0, 1.0)}, {"/total": 0.25}, schema_hash=HASH)


def written(path: Path, **members: Any) -> str:
    path.write_text(json_text.dumps({**CALIBRATION.to_json(), **members}))
    return str(path)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def test_a_calibration_gives_the_library_confidences(tmp_path: Path) -> None:
    """The confidence is that of the score and the field; contents, path and value of a calibration count."""
    plain = structgen.ground(DATA, SCHEMA, SOURCE)["/total"]
    assert plain.score is not None
    assert plain.confidence is None
    expected = CALIBRATION.confidence("/total", plain.score, plain.signals or {})
    for calibration in (CALIBRATION, CALIBRATION.to_json(), written(tmp_path / "c.json")):
        evidence = structgen.ground(DATA, SCHEMA, SOURCE, calibration=calibration)
        assert evidence["/total"].confidence == expected


def test_what_cannot_rank_gives_no_confidence() -> None:
    """Its scores stay."""
    evidence = structgen.ground(DATA, SCHEMA, SOURCE, calibration={**CALIBRATION.to_json(), "ranks": False})
    assert evidence == structgen.ground(DATA, SCHEMA, SOURCE)


@pytest.mark.parametrize(
    ("schema", "members", "message"),
    [
        pytest.param(OTHER, {}, "is that of the schema", id="another-schema"),
        pytest.param(None, {}, "give this schema too", id="no-schema"),
        pytest.param(SCHEMA, {"schema_hash": None}, "made without a schema", id="a-calibration-of-none"),
        pytest.param(SCHEMA, {"version": 2}, "version 2, and 1 is read", id="another-version"),
        pytest.param(SCHEMA, {"kind": "x"}, "this is no calibration", id="another-file"),
        pytest.param(SCHEMA, {"terms": {"score": [0, 0, 1]}}, "damaged", id="no-deviation"),
        pytest.param(SCHEMA, {"intercept": 10**400}, "damaged", id="a-number-of-400-digits"),
        pytest.param(SCHEMA, {"intercept": float("nan")}, "damaged", id="nan"),
        pytest.param(SCHEMA, {"ranks": 1}, "damaged", id="ranks"),
    ],
)  # fmt: skip
def test_a_calibration_of_something_else_is_refused(schema: Any, members: Any, message: str) -> None:
    """The message says what it is a calibration of, and what to do."""
    with pytest.raises(BadRequest, match=message):
        structgen.ground(DATA, schema, SOURCE, calibration={**CALIBRATION.to_json(), **members})


@pytest.mark.parametrize(
    "source", [None, 5, b"12.5", {"a": "12.5"}, ["12.5", 5]], ids=["none", "int", "bytes", "object", "page"]
)
def test_a_source_that_is_no_text_is_refused(source: Any) -> None:
    """The message names the argument."""
    with pytest.raises(BadRequest, match="source: "):
        structgen.ground(DATA, SCHEMA, source)


@pytest.mark.parametrize(
    "members",
    [
        pytest.param({"signals": {"x": 10**400}}, id="a-signal-of-400-digits"),
        pytest.param({"signals": {"x": 1e308}}, id="a-signal-near-infinity"),
        pytest.param({"signals": {"x": "nan"}}, id="a-text"),
        pytest.param({"signals": {"x": True}}, id="a-boolean"),
        pytest.param({"score": -7}, id="a-score-below-0"),
        pytest.param({"score": 10**400}, id="a-score-of-400-digits"),
    ],
)
def test_numbers_that_nothing_can_be_fitted_to_are_refused(members: dict[str, Any]) -> None:
    """The fault has the pointer of the place, and no process fails."""
    proof = {"kind": "exact", "candidates": 1, "score": 0.5, **members}
    read = read_row({"document": SOURCE, "data": DATA, "gold": DATA, "evidence": {"/total": proof}})
    assert isinstance(read, list)
    assert [fault.pointer for fault in read] == ["/evidence/~1total"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([*CALIBRATION.to_json()]), JSON))
def test_any_file_is_read_or_refused(members: dict[str, Any]) -> None:
    """A calibration that is read gives probabilities."""
    try:
        read = Calibration.from_json({**CALIBRATION.to_json(), **members})
    except BadRequest:
        return
    assert 0 <= read.confidence("/total", 0.5, {"x": 1.0}) <= 1


def test_a_folder_has_a_calibration_for_each_schema(tmp_path: Path) -> None:
    """Two of one schema, one without a schema, and an empty folder are refused, with the files' names."""
    with pytest.raises(ConfigError, match=r"has files \*\.json"):
        calibrations_of(tmp_path)
    written(tmp_path / "a.json")
    written(tmp_path / "b.json", schema_hash=Schema.parse(OTHER).hash)
    (tmp_path / "notes.txt").write_text("not read")
    assert set(calibrations_of(tmp_path)) == {HASH, Schema.parse(OTHER).hash}
    assert calibration_of(tmp_path / "a.json") == CALIBRATION
    written(tmp_path / "c.json")
    with pytest.raises(ConfigError, match=r"a\.json and .*c\.json are calibrations of the same schema"):
        calibrations_of(tmp_path)
    with pytest.raises(ConfigError, match="without a schema"):
        create_app(
            ServerConfig(calibration=Path(written(tmp_path / "c.json", schema_hash=None))), FakeEngine([])
        )


def test_a_generator_gives_confidences_for_its_schema() -> None:
    """An extraction with another schema has a score alone."""
    engine = FakeEngine(['{"total": 12.5}', '{"sum": 12.5}'])
    with Generator(engine, calibration=CALIBRATION) as generator:
        own = generator.result(SCHEMA, SOURCE, evidence=True).evidence
        other = generator.result(OTHER, SOURCE, evidence=True).evidence
    assert own["/total"].confidence is not None
    assert own["/total"].signals is None
    assert (other["/sum"].confidence, other["/sum"].score is None) == (None, False)


def test_a_service_gives_confidences_for_its_schemas(serve: Serve, tmp_path: Path) -> None:
    """Extractions and groundings with the schema of a file of the service have them, no others."""
    written(tmp_path / "total.json")
    url = serve(FakeEngine(['{"total": 12.5}']), calibration=tmp_path)
    with Client(url) as client:
        result = client.result(SCHEMA, SOURCE, evidence=True)
        assert result.evidence is not None
        assert result.evidence["/total"].confidence is not None
        assert client.ground(DATA, SCHEMA, SOURCE)["/total"].confidence is not None
        assert client.ground(DATA, OTHER, SOURCE)["/total"].confidence is None
        assert client.ground(DATA, None, SOURCE)["/total"].confidence is None
    body = httpx.post(f"{url}/v1/ground", json={"data": DATA, "source": SOURCE, "schema": SCHEMA}).json()
    assert 0 < body["evidence"]["/total"]["confidence"] < 1


def test_the_command_ground_takes_a_calibration(tmp_path: Path) -> None:
    """One of another schema ends with code 2, one that cannot rank with a warning."""
    schema, data, source = tmp_path / "s.json", tmp_path / "d.json", tmp_path / "t.txt"
    schema.write_text(json_text.dumps(SCHEMA))
    data.write_text(json_text.dumps(DATA))
    source.write_text(SOURCE)
    call = ("ground", "-s", str(schema), "--source", str(source), str(data), "--calibration")
    result = run(*call, written(tmp_path / "c.json"))
    assert "confidence" in json_text.loads(result.stdout)["evidence"]["/total"], result.stderr
    result = run(*call, written(tmp_path / "c.json", ranks=False))
    assert "confidence" not in json_text.loads(result.stdout)["evidence"]["/total"]
    assert "no-confidence" in result.stderr
    result = run(*call, written(tmp_path / "c.json", schema_hash="0" * 64))
    assert result.exit_code == 2
    assert "is that of the schema 000000000000…" in result.stderr
    assert "--url cannot be combined" in run(*call, str(tmp_path / "c.json"), "-u", "http://x").stderr


@pytest.mark.parametrize(
    ("more", "message"),
    [
        pytest.param((), "--calibration needs --evidence", id="no-evidence"),
        pytest.param(("--evidence", "-u", "http://127.0.0.1:9"), "--url cannot be combined", id="service"),
        pytest.param(("--evidence",), "is that of the schema", id="another-schema"),
    ],
)
def test_the_command_extract_refuses_a_calibration_without_effect(
    tmp_path: Path, more: tuple[str, ...], message: str
) -> None:
    """Nothing is extracted then."""
    path, document = written(tmp_path / "c.json"), tmp_path / "t.txt"
    document.write_text(SOURCE)
    result = run("extract", "-s", json_text.dumps(OTHER), "--calibration", path, *more, str(document))
    assert result.exit_code == 2
    assert message in result.stderr
