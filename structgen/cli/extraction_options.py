"""Options of commands that extract: the model, the prompt, sampling, limits and the number of jobs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, get_args

import click

from structgen.cli import options
from structgen.cli.model_choice import ModelChoice
from structgen.cli.number_types import Integer, option_type
from structgen.cli.parameter_types import EngineType
from structgen.types import Limits, Sampling, StrategyName

F = TypeVar("F", bound=Callable[..., Any])


def extraction_options(command: F) -> F:
    """Add the options to a command."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def model_choice(given: dict[str, Any]) -> ModelChoice:
    """Return the choice of the model by the given options."""
    names = ("url", "api_key", "engine", "model", "folder")
    return ModelChoice(**{name: given[name] for name in names})


def sampling_and_limits(given: dict[str, Any]) -> dict[str, Any]:
    """Return the `sampling` and the `limits` of a task by the given options."""
    sampling = {name: given[name] for name in ("temperature", "seed", "max_tokens")}
    limits = {name: given[name] for name in _LIMITS}
    return {"sampling": Sampling(**options.given(**sampling)), "limits": Limits(**options.given(**limits))}


_LIMITS = ("max_attempts", "deadline", "on_budget", "segment_tokens", "rows_per_segment")
_OPTIONS: list[Callable[..., Any]] = [
    click.option("-p", "--prompt", help="Instruction to the model about the document."),
    click.option(
        "-u",
        "--url",
        help="Address of a structgen service to use instead of a model in this process. With --engine "
        "remote: address of the OpenAI-compatible server.",
    ),
    options.api_key,
    click.option(
        "-e",
        "--engine",
        type=EngineType(),
        show_default="local",
        help=f"Engine that runs the model: {options.ENGINES_HELP}",
    ),
    options.model,
    options.schemas,
    click.option(
        "--temperature",
        type=option_type(Sampling, "temperature"),
        show_default="0",
        help="Sampling temperature; 0 samples greedily.",
    ),
    click.option(
        "--seed",
        type=option_type(Sampling, "seed"),
        show_default="none",
        help="Seed that makes sampling reproducible.",
    ),
    click.option(
        "--max-tokens",
        type=option_type(Sampling, "max_tokens"),
        show_default="1024, more where the rows read at once need it",
        help="Maximum number of tokens of each attempt.",
    ),
    click.option(
        "--max-attempts",
        type=option_type(Limits, "max_attempts"),
        show_default="3",
        help="Maximum number of attempts for each document.",
    ),
    click.option(
        "--deadline",
        type=option_type(Limits, "deadline"),
        show_default="none",
        help="Maximum number of seconds for each document.",
    ),
    click.option(
        "--on-budget",
        type=option_type(Limits, "on_budget"),
        show_default="incomplete",
        help="When --max-tokens is reached: fail (incomplete), or end the object with the fewest tokens "
        "(close).",
    ),
    click.option(
        "--segment-tokens",
        type=option_type(Limits, "segment_tokens"),
        show_default="the model's card, and the context",
        help="Number of tokens of a document above which it is read in segments.",
    ),
    click.option(
        "--rows-per-segment",
        type=option_type(Limits, "rows_per_segment"),
        show_default="the model's card, else 50",
        help="Number of rows of a list that the model reads at once.",
    ),
    click.option(
        "--strategy",
        type=click.Choice(get_args(StrategyName)),
        default="constrained",
        help="Generate under the grammar (constrained), generate freely and repair the text (repair), or let "
        "structgen choose (auto).",
    ),
    click.option(
        "-j", "--jobs", type=Integer(1, 64), default=4, help="Number of documents to process at once."
    ),
]
