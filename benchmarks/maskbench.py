"""Count real schemas with a correct grammar: `python benchmarks/maskbench.py FILE [--limit N] [--peers N]`.

FILE is in MaskBench's form: a line of JSON for each schema, with `schema` and `tests` (`data`, `valid`).
A schema passes when its grammar compiles, accepts every valid instance in canonical serialisation
(compact, declared order), and the service (grammar, then validation) rejects every invalid one. Labels
that the `jsonschema` package does not confirm are counted apart. xgrammar and outlines-core (where they
are installed) run on every n-th schema only, with a time limit.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import jsonschema
import peers
from common import parsed
from llguidance import LLMatcher, LLTokenizer

from structgen import json_text
from structgen.errors import InvalidSchema, StructgenError
from structgen.schema import Schema

Row = dict[str, Any]


@dataclass
class Case:
    """A schema with instances whose labels the `jsonschema` package confirms."""

    name: str
    definition: Any
    valid: list[Any] = field(default_factory=list)
    invalid: list[Any] = field(default_factory=list)
    format_only: list[Any] = field(default_factory=list)
    disputed: int = 0


@dataclass
class Outcome:
    """The outcome of one backend for one schema."""

    compiled: bool
    seconds: float = 0.0
    accepted: int = 0
    """Valid instances that the grammar accepts."""
    refused: int = 0
    """Invalid instances that the grammar alone refuses."""
    leaked: int = 0
    """Invalid instances that validation lets through too."""
    reason: str = ""


def cases(path: Path, limit: int | None) -> Iterator[Case]:
    """Read the rows; keep the labels that the `jsonschema` package confirms."""
    for line in path.read_text("utf-8").splitlines()[:limit]:
        row = json.loads(line)
        case = Case(row["id"], row["schema"])
        with_formats, without = _judges(row["schema"])
        for test in row["tests"]:
            strict, loose = with_formats(test["data"]), without(test["data"])
            if test["valid"]:
                (case.valid.append(test["data"]) if strict else None)
                case.disputed += not strict
            elif strict:
                case.disputed += 1
            else:
                (case.format_only if loose else case.invalid).append(test["data"])
        yield case


def _judges(definition: Any) -> tuple[Callable[[Any], bool], Callable[[Any], bool]]:
    cls = jsonschema.validators.validator_for(definition, jsonschema.Draft202012Validator)
    return (
        cls(definition, format_checker=cls.FORMAT_CHECKER).is_valid,
        cls(definition).is_valid,
    )


def accepts(tokenizer: LLTokenizer, matcher: LLMatcher, text: str) -> bool:
    """Return whether the grammar accepts the whole text."""
    copy = matcher.deep_copy()
    tokens = tokenizer.tokenize_str(text)
    return copy.try_consume_tokens(tokens) == len(tokens) and copy.is_accepting()


def ours(tokenizer: LLTokenizer, case: Case) -> Outcome:
    """Judge one row by our path: lowered, compiled, refused by the grammar or else by validation."""
    from structgen.engines.guidance import fit_grammar
    from structgen.engines.guidance.grammar_cache import compile_grammar

    began = time.perf_counter()
    try:
        schema = Schema.parse(case.definition)
        try:
            matcher = compile_grammar(tokenizer, schema.grammar)
        except InvalidSchema:
            schema, _ = fit_grammar(schema)
            matcher = compile_grammar(tokenizer, schema.grammar)
    except StructgenError as error:
        return Outcome(False, time.perf_counter() - began, reason=str(error))
    outcome = Outcome(True, time.perf_counter() - began)
    return _tried(tokenizer, matcher, case, outcome, schema)


def plain(**options: Any) -> Callable[[LLTokenizer, Case], Outcome]:
    """Judge one row by llguidance on the schema as given."""

    def run(tokenizer: LLTokenizer, case: Case) -> Outcome:
        began = time.perf_counter()
        grammar = LLMatcher.grammar_from_json_schema(
            json.dumps(case.definition), defaults={"whitespace_flexible": False, **options}
        )
        matcher = LLMatcher(tokenizer, grammar, log_level=0)
        outcome = Outcome(not matcher.is_error(), time.perf_counter() - began, reason=matcher.get_error())
        return _tried(tokenizer, matcher, case, outcome, None) if outcome.compiled else outcome

    return run


def _tried(
    tokenizer: LLTokenizer, matcher: LLMatcher, case: Case, outcome: Outcome, schema: Schema | None
) -> Outcome:
    for value in case.valid:
        text = json_text.dumps(schema.arrange(value) if schema else value)
        if accepts(tokenizer, matcher, text):
            outcome.accepted += 1
        else:
            outcome.reason = outcome.reason or f"refuses {text[:200]}"
    for value in case.invalid:
        text = json_text.dumps(schema.arrange(value) if schema else value)
        refused = not accepts(tokenizer, matcher, text)
        outcome.refused += refused
        if schema and not refused and not schema.violations(value):
            outcome.leaked += 1
    if schema:
        outcome.leaked += sum(not schema.violations(v) for v in case.format_only)
    return outcome


def passes(case: Case, outcome: Outcome) -> bool:
    return outcome.compiled and outcome.accepted == len(case.valid) and not outcome.leaked


def table(found: list[Case], results: dict[str, list[Outcome]]) -> None:
    """Print one line for each backend."""
    valid, invalid = sum(len(c.valid) for c in found), sum(len(c.invalid) for c in found)
    only, disputed = sum(len(c.format_only) for c in found), sum(c.disputed for c in found)
    print(f"{len(found)} schemas; {valid} valid instances, {invalid} invalid, {only} invalid by format only;")
    print(f"{disputed} labels that jsonschema {version('jsonschema')} does not confirm are left out.\n")
    head = ("compiled", "all valid", "passing", "", "refused", "leaked", "p50 ms", "p99 ms", "max ms")
    print(f"{'':34}" + "".join(f"{name:>10}" for name in head))
    for name, outcomes in results.items():
        pairs = list(zip(found, outcomes, strict=False))
        whole = sum(o.compiled and o.accepted == len(c.valid) for c, o in pairs)
        passing = sum(passes(c, o) for c, o in pairs)
        refused = sum(o.refused if o.compiled else 0 for _, o in pairs)
        times = sorted(1000 * o.seconds for o in outcomes)
        p99 = times[min(len(times) - 1, len(times) * 99 // 100)]
        row = (
            sum(o.compiled for o in outcomes), whole, passing, f"{100 * passing / len(pairs):.2f}%",
            refused, sum(o.leaked for o in outcomes), f"{statistics.median(times):.2f}", f"{p99:.1f}",
            f"{times[-1]:.0f}",
        )  # fmt: skip
        print(f"{name:34}" + "".join(f"{cell:>10}" for cell in row))


def decoded(found: list[Case]) -> None:
    """Print the share of the constraints that the grammar enforces."""
    from structgen.engines.guidance import fit_grammar

    whole = part = 0
    for case in found:
        try:
            report = fit_grammar(Schema.parse(case.definition))[0].report
        except StructgenError:
            continue
        whole += len(report)
        part += len(report) - len(report.validated)
    print(f"\n{part:,} of {whole:,} constraints are decoded: {part / whole:.1%}")


def others(file: Path, found: list[Case], results: dict[str, list[Outcome]], count: int) -> None:
    """Print the same table for a sample, with other backends."""
    numbers = list(range(0, len(found), max(1, len(found) // count)))[:count]
    sample = [found[number] for number in numbers]
    tables = {name: [outcomes[number] for number in numbers] for name, outcomes in results.items()}
    for name in peers.PEERS:
        if find_spec(name.replace("-", "_")) is None:
            print(f"\n{name} is not installed")
            continue
        tables[name] = [_outcome(answer) for answer in peers.outcomes(name, file, numbers)]
    print(f"\nEvery {len(found) // count}th schema, {peers.SECONDS:.0f} s for each:\n")
    table(sample, tables)


def _outcome(answer: dict[str, Any] | None) -> Outcome:
    if answer is None:
        return Outcome(False, peers.SECONDS, reason="hung or died")
    if "reason" in answer:
        return Outcome(False, answer["seconds"], reason=answer["reason"])
    return Outcome(True, answer["seconds"], answer["accepted"], answer["refused"])


def ratio(file: Path, found: list[Case]) -> None:
    """Print the time of lowering relative to llguidance's compilation of the result."""
    from llguidance.hf import from_tokenizer
    from tokenizers import ByteLevelBPETokenizer
    from transformers import PreTrainedTokenizerFast

    trained = ByteLevelBPETokenizer()
    trained.train_from_iterator(file.read_text("utf-8").splitlines(), 36_000, 1, False, ["<|end|>"])
    tokenizer = from_tokenizer(
        PreTrainedTokenizerFast(tokenizer_object=trained._tokenizer, eos_token="<|end|>")
    )
    lowering, compiling = [], []
    for case in found:
        try:
            schema = Schema.parse(case.definition)
        except StructgenError:
            continue
        began = time.perf_counter()
        text = json.dumps(schema.grammar)
        lowered = time.perf_counter()
        grammar = LLMatcher.grammar_from_json_schema(text, defaults={"whitespace_flexible": False})
        LLMatcher(tokenizer, grammar, log_level=0).compute_bitmask()
        lowering.append(lowered - began)
        compiling.append(time.perf_counter() - lowered)
    print(f"\nA vocabulary of {tokenizer.vocab_size:,}; lowering over compile and first mask:")
    for label, share in (("p50", 0.5), ("p99", 0.99)):
        one, other = (sorted(times)[int(share * len(times))] * 1000 for times in (lowering, compiling))
        print(f"  {label} {one:.2f} ms over {other:.2f} ms: {one / other:.2f}x")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--limit", type=int)
    parser.add_argument("--show", type=int, default=0, help="schemas that do not pass, to standard error")
    parser.add_argument("--only-ours", action="store_true")
    parser.add_argument("--peers", type=int, default=100, help="schemas in the sample for other backends")
    arguments = parsed(parser, limit=3, peers=1)
    found = list(cases(arguments.file, arguments.limit))
    tokenizer = LLTokenizer("byte")
    backends: dict[str, Callable[[LLTokenizer, Case], Outcome]] = {"structgen": ours}
    if not arguments.only_ours:
        backends["llguidance as it comes"] = plain()
        backends["llguidance lenient, coerce_one_of"] = plain(lenient=True, coerce_one_of=True)
    results = {name: [run(tokenizer, case) for case in found] for name, run in backends.items()}
    table(found, results)
    decoded(found)
    if not arguments.only_ours:
        others(arguments.file, found, results, arguments.peers)
        ratio(arguments.file, found)
    shown: Counter[str] = Counter()
    for case, outcome in zip(found, results["structgen"], strict=True):
        if not passes(case, outcome) and shown["structgen"] < arguments.show:
            shown["structgen"] += 1
            print(case.name, outcome, "valid", len(case.valid), file=sys.stderr)


if __name__ == "__main__":
    main()
