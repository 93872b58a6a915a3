"""The text of the elements inside of a paragraph of a DOCX: letters, symbols, and fields of forms."""

from __future__ import annotations

from typing import Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TEXTS = {
    f"{_W}t",
    "{http://schemas.openxmlformats.org/officeDocument/2006/math}t",
    "{http://schemas.openxmlformats.org/drawingml/2006/main}t",
}
_CHARACTERS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_WINGDINGS = {
    0x6C: "●", 0x6E: "■", 0x6F: "☐", 0x71: "❑", 0x76: "❖", 0xA7: "▪", 0xA8: "☐", 0xD8: "➢", 0xDF: "←",
    0xE0: "→", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
}  # fmt: skip
_UNKNOWN = "\ufffd"


def inline_text(element: Any) -> str | None:
    """Return the text of an element that has some of its own; None for others, which may have some inside."""
    tag = element.tag
    if tag in _TEXTS:
        return element.text or ""
    if tag in _CHARACTERS:
        return _CHARACTERS[tag]
    if tag == f"{_W}sym":
        return _symbol(element)
    if tag == f"{_W}ffData":
        return _form_field(element)
    return None


def _symbol(element: Any) -> str:
    """Return the character of a symbol; fonts of pictures have theirs at numbers without a meaning."""
    try:
        code = int(element.get(f"{_W}char", ""), 16)
    except ValueError:
        return _UNKNOWN
    if 0xF000 <= code <= 0xF0FF or element.get(f"{_W}font", "").startswith("Wingdings"):
        return _WINGDINGS.get(code & 0xFF, _UNKNOWN)
    return chr(code) if 0x20 <= code < 0xD800 else _UNKNOWN


def _form_field(data: Any) -> str:
    """Return what a box to check or a list to choose from shows; other fields have their text beside them."""
    box = data.find(f"{_W}checkBox")
    if box is not None:
        mark = box.find(f"{_W}checked")
        mark = box.find(f"{_W}default") if mark is None else mark
        is_checked = mark is not None and mark.get(f"{_W}val", "1") in ("1", "true", "on")
        return "[x]" if is_checked else "[ ]"
    choices = data.find(f"{_W}ddList")
    if choices is None:
        return ""
    chosen = choices.find(f"{_W}result")
    chosen = choices.find(f"{_W}default") if chosen is None else chosen
    index = "0" if chosen is None else chosen.get(f"{_W}val", "0")
    entries = [each.get(f"{_W}val", "") for each in choices.iterfind(f"{_W}listEntry")]
    return entries[int(index)] if index.isdecimal() and len(index) < 6 and int(index) < len(entries) else ""
