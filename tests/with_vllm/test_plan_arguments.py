"""The plan speaks vLLM's language: every argument that it makes or counts is one of the pinned version."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from structgen.engines.vllm.model_config import KV_BYTES, read_model_shape
from structgen.engines.vllm.sizing import MODELLED, UNMODELLED_ARGUMENTS, Hardware, plan_deployment
from structgen.models import DEMO_MODEL

_found = importlib.util.find_spec("vllm")
pytestmark = pytest.mark.skipif(_found is None or _found.origin is None, reason="needs the extra `vllm`")

ASK = """
import dataclasses, json, sys, typing
from vllm.config.cache import CacheDType
from vllm.engine.arg_utils import AsyncEngineArgs
made = json.loads(sys.argv[1])
config = AsyncEngineArgs(**made).create_engine_config()
print(json.dumps({
    "fields": [field.name for field in dataclasses.fields(AsyncEngineArgs)],
    "caches": list(typing.get_args(CacheDType)),
    "length": config.model_config.max_model_len,
    "cache": config.cache_config.kv_cache_memory_bytes,
}))
"""


def test_arguments_are_of_this_version() -> None:
    """Names, types of the cache, and the values of a plan for this machine as vLLM understands them."""
    here = plan_deployment(read_model_shape(str(DEMO_MODEL)), Hardware((), 2, 8)).arguments()
    there = plan_deployment(read_model_shape("Hermes-4-405B-FP8"), Hardware((80,) * 8)).arguments()
    done = subprocess.run(
        [sys.executable, "-c", ASK, json.dumps({"model": str(DEMO_MODEL), **here})],
        capture_output=True,
        text=True,
        env={**os.environ, "HF_HUB_OFFLINE": "1", "VLLM_LOGGING_LEVEL": "ERROR"},
        cwd=Path(__file__).parents[2],
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert there.keys() | set(MODELLED) | UNMODELLED_ARGUMENTS <= set(told["fields"])
    assert set(KV_BYTES) <= set(told["caches"])
    assert (told["length"], told["cache"]) == (4096, here["kv_cache_memory_bytes"])
