"""What may follow a string, or a value: the next key, the next item, and the marks of both."""

from __future__ import annotations

import re

_TEXT = r"""(?:"(?:[^"\\\n]|\\.){0,200}"|'(?:[^'\\\n]|\\.){0,200}')"""
_WHOLE = rf"(?:{_TEXT}|-?\d[\d.]{{0,30}}|true|false|null|True|False|None)\s*(?:[,;}}\n]|\Z)|[{{\[]"
"""A value up to its end, or the beginning of one."""
_EQUALS = rf"(?:=>?|->)\s*(?:{_WHOLE})"
"""In place of a colon; `word = word` may be prose."""
KEY = re.compile(
    r"""\s*(?:"(?:[^"\\\n]|\\.){0,100}"|""[^"\\\n:,]{1,100}"|'(?:[^'\\\n]|\\.){0,100}'|[“”][^“”\n]{0,100}[“”]|"""
    rf"""[‘’][^‘’\n]{{0,100}}[‘’])\s*(?:[:：]|{_EQUALS})"""
)
OPEN_KEY = re.compile(
    r"""\s*["']([\w .$-]{1,60})[:：]\s*(?:["'{\[](?!\s*[,}\]])|(?:-?\d[\d.eE+-]*|true|false|null)\s*[,}])"""
)
"""A key whose second quote was forgotten, before what is surely its value."""
BARE_KEY = re.compile(
    rf"""\s*(?:[A-Za-z_$][\w$-]{{0,60}}["']?\s*(?::(?!//)|=\s*(?:{_WHOLE}))|\d[\d.]{{0,20}}:\s)"""
)
EQUALS_KEY = re.compile(r"\s*([A-Za-z_$][\w.$-]*)\s*=(?![=>])")
NO_COLON = re.compile(r'"[\w $-]{1,60}"\s+(?:"[^"\\\n]{0,200}"|[\d.-]+|true|false|null)\s*[,}]')
CUT_KEY = re.compile(r"""(?:["'“‘][^"'“”‘’,:{}\[\]\n]{0,100}["'”’]?|[A-Za-z_$][\w$-]{0,60})\s*\Z""")
NUMBER = re.compile(r"[-+]?[\d.][\d.eE+-]*\s*(?:[,\]}]|$)")
LITERAL = re.compile(r"(?:true|false|null|True|False|None)\s*(?:[,\]}]|$)")
