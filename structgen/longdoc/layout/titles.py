"""Words of titles, labels and names, as far as they can be compared."""

from __future__ import annotations

import re
from functools import lru_cache

_WORD = re.compile(r"[A-Z]+(?![a-z])|[^\W\d_][^\W\d_A-Z]*|\d+")
SHORT = {
    "qty": "quantity", "no": "number", "nr": "number", "num": "number", "id": "number", "ref": "reference",
    "amt": "amount", "value": "amount", "desc": "description", "descr": "description", "units": "quantity",
    "details": "description", "acct": "account", "dept": "department", "addr": "address", "dob": "birth",
    "wt": "weight", "wgt": "weight", "kg": "weight", "pcs": "quantity", "tel": "phone", "item": "product",
    "article": "product", "posted": "date", "client": "customer", "employee": "name", "city": "town",
    "from": "start", "to": "end", "cost": "price", "txn": "transaction", "trans": "transaction",
    "org": "organization", "uom": "unit", "pct": "percent", "position": "role", "timestamp": "time",
}  # fmt: skip
_FILLERS = {"the", "of", "a", "an", "in", "and", "or", "for", "per", "de", "la", "s"}


@lru_cache(maxsize=5_000)
def title_words(text: str) -> frozenset[str]:
    """Return the words of a title or a name without case, endings of the plural and common short forms."""
    words = set()
    for word in _WORD.findall(text.replace("_", " ")[:200]):
        word = word.lower()
        if word in _FILLERS:
            continue
        word = SHORT.get(word, word)
        words.add(word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word)
    return frozenset(words)


def likeness(words: frozenset[str], others: frozenset[str]) -> float:
    """Return the share of the words of a name or a title that both have, from 0 to 1."""
    common = len(words & others)
    return common / (len(words) + len(others) - common) if common else 0.0
