"""Run other grammar backends on MaskBench cases, each in a process of its own because some hang or crash.

`python benchmarks/peers.py NAME FILE NUMBERS` is that process: a line of JSON for each numbered case.
"""

from __future__ import annotations

import json
import queue
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

SECONDS = 10.0
"""Seconds for one schema, after which it counts as not compiled."""
Compiled = Callable[[str], bool]
"""Return whether the grammar accepts a whole text."""


def xgrammar() -> Callable[[str], Compiled]:
    import xgrammar as xgr

    vocabulary = [bytes([i]) for i in range(256)] + [b"</s>"]
    info = xgr.TokenizerInfo(vocabulary, xgr.VocabType.RAW, stop_token_ids=[256])
    compiler = xgr.GrammarCompiler(info, max_threads=1, cache_enabled=False)

    def build(schema: str) -> Compiled:
        compiled = compiler.compile_json_schema(schema, any_whitespace=False, separators=(",", ":"))

        def accepts(text: str) -> bool:
            matcher = xgr.GrammarMatcher(compiled, terminate_without_stop_token=True)
            return bool(matcher.accept_string(text) and matcher.is_terminated())

        return accepts

    return build


def outlines_core() -> Callable[[str], Compiled]:
    from outlines_core import Index, Vocabulary
    from outlines_core.json_schema import build_regex_from_schema

    letters = [chr(i) for i in range(32, 127)]
    vocabulary = Vocabulary(len(letters), {letter: [i] for i, letter in enumerate(letters)})

    def build(schema: str) -> Compiled:
        pattern = build_regex_from_schema(schema, whitespace_pattern="")
        Index(pattern, vocabulary)  # what it decodes with; the expression says the same
        whole = re.compile(pattern)
        return lambda text: whole.fullmatch(text) is not None

    return build


PEERS = {"xgrammar": xgrammar, "outlines-core": outlines_core}


def answer(build: Callable[[str], Compiled], case: Any) -> dict[str, Any]:
    """Return seconds to compile, valid instances accepted and invalid ones refused, or the failure."""
    from structgen import json_text

    began = time.perf_counter()
    try:
        accepts = build(json.dumps(case.definition))
    except Exception as error:
        return {"reason": f"{type(error).__name__}: {error}"[:200], "seconds": time.perf_counter() - began}
    seconds = time.perf_counter() - began
    valid = sum(accepts(json_text.dumps(value)) for value in case.valid)
    refused = sum(not accepts(json_text.dumps(value)) for value in case.invalid)
    return {"seconds": seconds, "accepted": valid, "refused": refused}


def outcomes(name: str, file: Path, numbers: list[int]) -> list[dict[str, Any] | None]:
    """Yield the answers, None where the process hung or died; restart it after that."""
    found: list[dict[str, Any] | None] = []
    while len(found) < len(numbers):
        left = ",".join(map(str, numbers[len(found) :]))
        child = subprocess.Popen(
            [sys.executable, __file__, name, str(file), left],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        lines: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=_read, args=(child, lines), daemon=True).start()
        first = True
        while len(found) < len(numbers):
            try:
                line = lines.get(timeout=SECONDS + 60 * first)
            except queue.Empty:
                line = None
            if line is None:
                found.append(None)
                break
            if line.strip() != "ready":
                found.append(json.loads(line))
            first = False
        child.kill()
        child.wait()
    return found


def _read(child: subprocess.Popen[str], lines: queue.Queue[str | None]) -> None:
    assert child.stdout is not None
    for line in child.stdout:
        lines.put(line)
    lines.put(None)


def main() -> None:
    from maskbench import cases

    name, file, numbers = sys.argv[1:]
    found, build = list(cases(Path(file), None)), PEERS[name]()
    print("ready", flush=True)
    for number in numbers.split(","):
        print(json.dumps(answer(build, found[int(number)])), flush=True)


if __name__ == "__main__":
    main()
