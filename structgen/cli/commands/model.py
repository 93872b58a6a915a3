"""`structgen model`: commands that prepare models."""

from __future__ import annotations

import click

from structgen.cli.command_class import Group
from structgen.cli.commands.model_profile import profile
from structgen.cli.commands.model_quantize import quantize


@click.group(
    cls=Group,
    examples=[
        "structgen model quantize -m /models/Hermes-4-14B -o /models/Hermes-4-14B-FP8",
        "structgen model profile -m /models/Hermes-4-14B-FP8 -e vllm",
    ],
)
def model() -> None:
    """Prepare a model for serving."""


model.add_command(quantize)
model.add_command(profile)
