"""`structgen model profile` measures a model, and writes what it found into the model's card."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from structgen import Generator
from structgen.cli.main import main
from structgen.cli.profile_run import run_measurement, write_card
from structgen.engines.base import EngineRequest
from structgen.engines.fake import FakeEngine, Reply
from structgen.engines.model_card import read_card
from structgen.errors import ConfigError
from structgen.longdoc.profiling import Profile, Trial, measure
from structgen.longdoc.profiling_documents import ProfileDocument
from structgen.models import DEMO_MODEL


class LazyEngine(FakeEngine):
    """Closes each list after three items."""

    def __init__(self) -> None:
        super().__init__([])
        self.trials: list[Trial] = []

    def _next(self, request: EngineRequest) -> Reply:
        text = request.prompt.messages[-1].content
        document = next(d for d in self.documents() if d.text == text)
        return Reply(json.dumps({"items": list(document.items[:3])}))

    def documents(self) -> tuple[ProfileDocument, ...]:
        return self.trials[-1].documents


async def test_a_model_is_measured_by_what_it_answers() -> None:
    """A model that closes lists after three items reads three rows at once."""
    engine = LazyEngine()
    found = await run_measurement(
        Generator(engine), measure(rows_per_size=4, max_rows=12), engine.trials.append
    )
    assert found.rows_per_segment == 3
    assert found.reads_single_rows
    assert [trial.rows for trial in engine.trials if not trial.filler] == [1, 2, 4, 3]
    assert not (await engine.health()).ready


def test_the_card_keeps_its_other_members(tmp_path: Path) -> None:
    """Both figures go into the card, one that is unknown leaves it, and the rest of the card stays."""
    (tmp_path / "structgen.json").write_text('{"name": "m", "demo": true, "note": "n"}')
    write_card(tmp_path, Profile(12, 900, (), ()))
    assert (read_card(tmp_path).rows_per_segment, read_card(tmp_path).segment_tokens) == (12, 900)
    write_card(tmp_path, Profile(3, None, (), ()))
    card = read_card(tmp_path)
    assert (card.name, card.demo, card.rows_per_segment, card.segment_tokens) == ("m", True, 3, None)


def test_a_model_without_a_card_gets_one(tmp_path: Path) -> None:
    """The card of a folder without one has the figures alone."""
    assert json.loads(write_card(tmp_path, Profile(7, None, (), ())).read_text()) == {"rows_per_segment": 7}


def test_a_broken_card_stays_as_it_is(tmp_path: Path) -> None:
    """A card that is no JSON object is named, and not written over."""
    for text in ("[1]", "{"):
        (tmp_path / "structgen.json").write_text(text)
        with pytest.raises(ConfigError, match=r"structgen\.json"):
            write_card(tmp_path, Profile(7, None, (), ()))
        assert (tmp_path / "structgen.json").read_text() == text


def test_a_name_without_a_folder_needs_a_dry_run() -> None:
    """A model that has no folder cannot be given a card: the message names the flag."""
    done = CliRunner().invoke(main, ["model", "profile", "-m", "/nowhere/model"])
    assert done.exit_code == 2
    assert "--dry-run" in done.stderr


@pytest.mark.slow
@pytest.mark.torch
@pytest.mark.skipif(not (DEMO_MODEL / "model.safetensors").is_file(), reason="the shipped model is missing")
def test_the_shipped_model_is_measured(capfd: pytest.CaptureFixture[str]) -> None:
    """The command prints the figures of the shipped model, and a dry run leaves its card as it is."""
    before = (DEMO_MODEL / "structgen.json").read_bytes()
    done = CliRunner().invoke(
        main, ["model", "profile", "--dry-run", "--max-rows", "2", "--rows-per-size", "2"]
    )
    assert done.exit_code == 0, done.stderr
    body = json.loads(done.stdout)
    assert body["rows_per_segment"] in (1, 2)
    assert body["shares"][0]["rows"] == 1
    assert (DEMO_MODEL / "structgen.json").read_bytes() == before
