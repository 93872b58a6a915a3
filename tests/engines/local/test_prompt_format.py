"""The local engine renders prompts by the format that its user gives."""

from pathlib import Path

import pytest

pytest.importorskip("torch", reason="needs the extra `local`")

from structgen.engines.local import LocalEngine
from structgen.generator import Generator
from structgen.prompts.selection import FORMATS
from structgen.types import Conversation, Message
from training.architecture import write_random


async def test_an_engine_renders_by_the_given_format(tmp_path: Path) -> None:
    """A checkpoint without a chat template has the prompts of the given format."""
    write_random(tmp_path)
    (tmp_path / "chat_template.jinja").unlink()
    conversation = Conversation((Message("user", "hello"),))
    counts = {}
    for name, prompt_format in FORMATS.items():
        engine = LocalEngine(str(tmp_path), context=512)
        Generator(engine, prompt_format=prompt_format)
        await engine.start()
        counts[name] = engine.encoder.encode(conversation)
        await engine.close()
    by_name = LocalEngine(str(tmp_path), context=512)
    await by_name.start()
    assert by_name.encoder.encode(conversation) == counts["plain"] != counts["hermes4"] != counts["chatml"]
    await by_name.close()
