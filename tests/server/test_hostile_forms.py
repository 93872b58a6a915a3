"""Forms that are broken or made to harm are refused with the part that is at fault, and nothing is misread."""

from __future__ import annotations

import pytest

from structgen.api import ExtractRequest, parse_form
from structgen.errors import BadRequest

TYPE = "multipart/form-data; boundary=b"
END = b"--b--\r\n"


def part(name: str, data: str, headers: str = "") -> bytes:
    file = '; filename="a.txt"' if name == "file" else ""
    return f'--b\r\nContent-Disposition: form-data; name="{name}"{file}\r\n{headers}\r\n{data}\r\n'.encode()


FORM = part("file", "Name: Ada") + part("schema", "{}")
BAD = {
    "many parts": (FORM + b"".join(part(f"x{n}", "1") for n in range(1_000)) + END, TYPE, "", "64 parts"),
    "two files": (FORM + part("file", "more") + END, TYPE, "/file", "twice"),
    "member twice": (FORM + part("request", '{"schema": {}}') + END, TYPE, "/schema", "twice"),
    "no boundary": (FORM + END, "multipart/form-data", "", "no boundary"),
    "another boundary": (FORM + END, TYPE + "c", "", "cannot be read"),
    "no end": (FORM, TYPE, "", "cannot be read"),
    "half a header": (FORM + b'--b\r\nContent-Disposition: form-data; name="pro', TYPE, "", "cannot be read"),
    "long header": (FORM + part("x" * 100_000, "1") + END, TYPE, "", "cannot be read"),
    "part without a name": (FORM + b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n" + END, TYPE, "", "name"),
    "coded file": (part("file", "TmFtZTogQWRh", "Content-Transfer-Encoding: base64\r\n") + part("schema", "{}") + END, TYPE, "/file", "base64"),
    "deep member": (part("file", "x") + part("schema", "[" * 100_000) + END, TYPE, "/schema", "nested too deeply"),
    "unknown member": (FORM + part("odd", "1") + END, TYPE, "/odd", "no member"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "content_type", "pointer", "words"), BAD.values(), ids=BAD)
def test_a_form_is_refused_with_the_part_at_fault(
    content: bytes, content_type: str, pointer: str, words: str
) -> None:
    with pytest.raises(BadRequest) as caught:
        parse_form(ExtractRequest, content, content_type)
    fault = caught.value.violations[0]
    assert fault.pointer == pointer
    assert words in fault.message


def test_a_plain_coding_and_an_epilogue_change_nothing() -> None:
    content = part("file", "Name: Ada", "Content-Transfer-Encoding: 8bit\r\n") + part("schema", "{}") + END
    body = parse_form(ExtractRequest, content + b"epilogue", TYPE)
    assert body.file is not None
    assert (body.file.data, body.file.name) == (b"Name: Ada", "a.txt")
