"""Each format writes each kind of conversation as its golden file has it, to the byte."""

from pathlib import Path

import pytest
from conversations import CASES

from structgen.prompts.selection import FORMATS

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("name", FORMATS)
def test_prompts_are_golden(name: str, case: str) -> None:
    """The prompt of a conversation, in a format, is the text of its golden file."""
    prompt = "".join(segment.text for segment in FORMATS[name].render(CASES[case]))
    assert prompt == (GOLDEN / name / f"{case}.txt").read_text()


def test_every_golden_file_has_its_case() -> None:
    """No golden file is left over."""
    files = {path.relative_to(GOLDEN).with_suffix("").as_posix() for path in GOLDEN.rglob("*.txt")}
    assert files == {f"{name}/{case}" for name in FORMATS for case in CASES}
