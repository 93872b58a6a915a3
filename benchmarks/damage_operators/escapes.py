"""Write backslashes, control characters and escapes as JSON forbids."""

from __future__ import annotations

import json
import re
from random import Random

from damage_operators.base import (
    Damage,
    Edit,
    Sample,
    chosen,
    operator,
    replaced,
    rewritten,
    with_content,
)

_REGEXES = [
    r"^\s*\bfoo\d+$",
    r"\d{3}-\d{4}",
    r"[\w.-]+@[\w-]+\.\w+",
    r"(?i)\bterm\b\s+\(",
    r"\p{L}+",
    r"a\.b\[0\]",
    r"\Anew\Z",
]
_LATEX = [
    r"\frac{1}{2} \times \alpha",
    r"$\sum_{i} \beta_i$, \textbf{new}",
    r"\sqrt{x} + \nu \cdot \rho",
    r"\begin{pmatrix} a \end{pmatrix}",
    r"x \in \mathbb{R}, \forall y",
    r"\(a+b\) and \[c\]",
]
_PATHS = [
    r"C:\Users\new\report.txt",
    r"..\src\bar\new",
    r"D:\data\2024\files",
    r"C:\Program Files\Git\bin",
    r"src\utils\index.ts",
    r"E:\x\y.z",
]
_SHORT = [r"\u12", r"code \u00", r"\u{1F600} ok", r"a \u, b", r"\uXYZW end", r"use \u1g34"]


@operator()
def regex_backslashes_single(sample: Sample, random: Random) -> Damage | None:
    return with_content(sample, random, content := random.choice(_REGEXES), content)


@operator()
def latex_backslashes_single(sample: Sample, random: Random) -> Damage | None:
    return with_content(sample, random, content := random.choice(_LATEX), content)


@operator()
def path_backslashes_single(sample: Sample, random: Random) -> Damage | None:
    return with_content(sample, random, content := random.choice(_PATHS), content)


@operator()
def path_with_last_backslash(sample: Sample, random: Random) -> Damage | None:
    """End a Windows path in a backslash, which then escapes the closing quote."""
    content = random.choice([r"C:\Temp" + "\\", r"D:\data\in" + "\\", r"..\lib" + "\\"])
    return with_content(sample, random, content, content)


@operator()
def short_unicode_escape(sample: Sample, random: Random) -> Damage | None:
    content = random.choice(_SHORT)
    if "{" not in content:
        return with_content(sample, random, content, content)
    return with_content(sample, random, content.replace(r"\u{1F600}", "\U0001f600"), content)


@operator()
def apostrophe_escaped(sample: Sample, random: Random) -> Damage | None:
    content = random.choice(["it's open", "the driver's seat", "O'Brien's", "don't"])
    return with_content(sample, random, content, content.replace("'", "\\'"))


@operator()
def hexadecimal_escape(sample: Sample, random: Random) -> Damage | None:
    content = random.choice(["café", "Müller", "año nuevo", "naïve", "5 °C", "A&B"])
    written = re.sub(r"[^\w ]|[^\x00-\x7f]", lambda match: f"\\x{ord(match[0]):02x}", content)
    return with_content(sample, random, content, written)


@operator(is_rare=True)
def long_python_escape(sample: Sample, random: Random) -> Damage | None:
    content = random.choice(["fine \U0001f600", "\U0001f680 launch", "a \U0001f4a1, b"])
    written = re.sub(r"[^\x00-\x7f]", lambda match: f"\\U{ord(match[0]):08x}", content)
    return with_content(sample, random, content, written)


@operator(is_rare=True)
def line_continued(sample: Sample, random: Random) -> Damage | None:
    """Continue a string on the next line after a backslash, as JavaScript does."""
    return with_content(sample, random, "one two three four", "one two \\\nthree four")


@operator()
def raw_newline_in_string(sample: Sample, random: Random) -> Damage | None:
    """Write a line break within a string as it is."""
    token = chosen(random, [t for t in sample.strings if "\\n" in sample.raw(t)])
    if token is not None:
        # A doubled backslash before an `n` is no line break.
        raw = re.sub(r"\\(.)", lambda m: "\n" if m[1] == "n" else m[0], sample.raw(token))
        return replaced(token, raw)
    content = random.choice(
        ["first line\nsecond line", "a\n\nb, c", "Dear Sir,\n\nthank you.\n", "x:\n- one\n- two"]
    )
    return with_content(sample, random, content, content)


@operator()
def raw_tab_in_string(sample: Sample, random: Random) -> Damage | None:
    content = random.choice(["name\tvalue", "\tindented", "a\tb\tc"])
    return with_content(sample, random, content, content)


@operator(is_rare=True)
def raw_control_character(sample: Sample, random: Random) -> Damage | None:
    content = "left" + random.choice("\x00\x01\x07\x0b\x0c\x1b\x1f") + "right"
    return with_content(sample, random, content, content)


@operator()
def raw_carriage_return(sample: Sample, random: Random) -> Damage | None:
    return with_content(sample, random, "one\r\ntwo", "one\r\ntwo")


@operator()
def whole_text_escaped(sample: Sample, random: Random) -> Damage | None:
    """Escape the text as for a string, without the string's own quotes."""
    return rewritten(sample, json.dumps(sample.text, ensure_ascii=sample.ascii)[1:-1])


@operator(needs_schema=True)
def whole_text_as_a_string(sample: Sample, random: Random) -> Damage | None:
    return rewritten(sample, json.dumps(sample.text, ensure_ascii=sample.ascii))


@operator(needs_schema=True, is_rare=True)
def whole_text_as_a_string_twice(sample: Sample, random: Random) -> Damage | None:
    return rewritten(sample, json.dumps(json.dumps(sample.text)))


@operator()
def whole_text_in_quotes(sample: Sample, random: Random) -> Damage | None:
    if not sample.strings and not sample.keys:
        return None
    return rewritten(sample, f'"{sample.text}"', plain=({(): sample.text},))


@operator()
def quotes_alone_escaped(sample: Sample, random: Random) -> Damage | None:
    """Escape every quote of the text and nothing else."""
    if "\\" in sample.text:
        return None
    return rewritten(sample, sample.text.replace('"', '\\"'))


@operator(is_rare=True)
def layout_escaped(sample: Sample, random: Random) -> Damage | None:
    """Write the line breaks between tokens as backslash and n."""
    if "\n" not in sample.text:
        return None
    return rewritten(sample, sample.text.replace("\n", "\\n").replace("\t", "\\t"))


@operator(is_rare=True)
def stray_backslash(sample: Sample, random: Random) -> Damage | None:
    """Put a backslash between two tokens."""
    token = random.choice(sample.tokens)
    return Damage((Edit(token.start, token.start, "\\"),)) if token.kind in ("{", "[", ",") else None


@operator(needs_schema=True, is_rare=True)
def key_with_escaped_underscore(sample: Sample, random: Random) -> Damage | None:
    r"""Write `\\_` for the underscore of a key, as Markdown does."""
    token = chosen(random, [t for t in sample.keys if "_" in sample.raw(t)])
    return replaced(token, sample.raw(token).replace("_", "\\_")) if token else None


@operator()
def html_entities(sample: Sample, random: Random) -> Damage | None:
    """Write every quote as `&quot;`."""
    if '\\"' in sample.text or "&" in sample.text or not sample.keys:
        return None
    return rewritten(sample, sample.text.replace('"', random.choice(["&quot;", "&quot;", "&#34;"])))
