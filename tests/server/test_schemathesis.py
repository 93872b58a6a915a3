"""Requests that schemathesis draws from the OpenAPI document get documented responses, and never a server error.

schemathesis needs an older jsonschema-rs than the service: `make test` gives it an environment of its own.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from structgen.engines import Engine, open_engine
from structgen.engines.fake import FakeEngine
from structgen.models import DEMO_MODEL

HERE = Path(__file__).parent
SCHEMATHESIS = HERE.parent.parent / ".venv-schemathesis" / "bin" / "schemathesis"
CALL = '<tool_call>\n{"name": "f", "arguments": {"a": 1}}\n</tool_call>'
REPLIES = [
    "{}",
    '{"a":1,"b":[1,2,{"c":null}]}',
    "[]",
    '"a"',
    "12",
    "no JSON",
    '{"a":',
    CALL,
    f"I look. {CALL}{CALL}",
]
KEY = "a-key-of-the-tests"


@pytest.mark.skipif(
    not SCHEMATHESIS.is_file() and not os.environ.get("CI"), reason="make test installs schemathesis"
)
@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    ("engine", "phases"),
    [
        pytest.param(lambda: FakeEngine(REPLIES), "examples,coverage", id="every-keyword-with-scripted-replies"),
        pytest.param(
            lambda: open_engine("local", str(DEMO_MODEL)), "examples,fuzzing", id="drawn-requests-with-the-shipped-model",
            marks=pytest.mark.skipif(
                not (DEMO_MODEL / "model.safetensors").is_file(), reason="the shipped model is not in this checkout",
            ),
        ),
    ],
)  # fmt: skip
def test_every_response_is_as_the_document_says(
    engine: Callable[[], Engine], phases: str, serve: Callable[..., str], tmp_path: Path
) -> None:
    """There is no 5xx but 503 and 504, and no status, media type, header or body that the document lacks.

    A body that the document forbids is refused, and one that it allows is not refused for its shape.
    """
    url = serve(engine(), start_seconds=90, api_key=KEY)
    command = [SCHEMATHESIS, "--config-file", HERE / "schemathesis.toml", "run", f"{url}/openapi.json"]
    command += ["--phases", phases, "--header", f"Authorization: Bearer {KEY}", "--no-color"]
    command += ["--generation-deterministic"] if os.environ.get("CI") else []
    environment = {**os.environ, "SCHEMATHESIS_HOOKS": str(HERE / "schemathesis_hooks.py")}
    run = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout[-12_000:] + run.stderr[-2000:]
