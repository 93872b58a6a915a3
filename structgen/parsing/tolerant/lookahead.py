"""Match what may follow a string or a value: the next key, the next item, and their delimiters."""

from __future__ import annotations

import re

_STRING = r"""(?:"(?:[^"\\\n]|\\.){0,200}"|'(?:[^'\\\n]|\\.){0,200}')"""
_VALUE = rf"(?:{_STRING}|-?\d[\d.]{{0,30}}|true|false|null|True|False|None)\s*(?:[,;}}\n]|\Z)|[{{\[]"
"""A complete value with its delimiter, or the opening of a container."""
_EQUALS = rf"(?:=>?|->)\s*(?:{_VALUE})"
"""A substitute for a colon. A complete value must follow, since `word = word` may be prose."""
KEY = re.compile(
    r"""\s*(?:"(?:[^"\\\n]|\\.){0,100}"|""[^"\\\n:,]{1,100}"|'(?:[^'\\\n]|\\.){0,100}'|[“”][^“”\n]{0,100}[“”]|"""
    rf"""[‘’][^‘’\n]{{0,100}}[‘’])\s*(?:[:：]|{_EQUALS})"""
)
OPEN_KEY = re.compile(
    r"""\s*["']([\w .$-]{1,60})[:：]\s*(?:["'{\[](?!\s*[,}\]])|(?:-?\d[\d.eE+-]*|true|false|null)\s*[,}])"""
)
"""A key without its closing quote, before an unmistakable value."""
BARE_KEY = re.compile(
    rf"""\s*(?:[A-Za-z_$][\w$-]{{0,60}}["']?\s*(?::(?!//)|=\s*(?:{_VALUE}))|\d[\d.]{{0,20}}:\s)"""
)
EQUALS_KEY = re.compile(r"\s*([A-Za-z_$][\w.$-]*)\s*=(?![=>])")
NO_COLON = re.compile(r'"[\w $-]{1,60}"\s+(?:"[^"\\\n]{0,200}"|[\d.-]+|true|false|null)\s*[,}]')
CUT_KEY = re.compile(r"""(?:["'“‘][^"'“”‘’,:{}\[\]\n]{0,100}["'”’]?|[A-Za-z_$][\w$-]{0,60})\s*\Z""")
NUMBER = re.compile(r"[-+]?[\d.][\d.eE+-]*\s*(?:[,\]}]|$)")
LITERAL = re.compile(r"(?:true|false|null|True|False|None)\s*(?:[,\]}]|$)")
_MEMBER_AFTER = re.compile(r"[}\]]\s*,\s*(?=[\"'])")


def continues_object(text: str, at: int) -> bool:
    """Whether a comma and another member follow the closing bracket at `at`."""
    following = _MEMBER_AFTER.match(text, at)
    return following is not None and KEY.match(text, following.end()) is not None
