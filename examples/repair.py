"""Broken JSON in, the object that was meant out, with an account of what was changed and left out."""

import json

import structgen

SCHEMA = {
    "type": "object",
    "properties": {
        "order": {"type": "string"},
        "total": {"type": "number"},
        "status": {"enum": ["open", "paid", "cancelled"]},
        "paid_on": {"type": ["string", "null"], "format": "date"},
    },
    "required": ["order", "total", "status"],
    "additionalProperties": False,
}
ANSWER = """Sure, here is the order:
```json
{Order: 'A-17', "Total": "$1,204.50", status: PAID, "paidOn": "March 5, 2026", /* checked */}
```"""

result = structgen.repair(ANSWER, SCHEMA)
print(json.dumps(result.value))
for change in result.changes:
    print(f"{change.risk:9} {change.op:8} {change.path:10} {change.reason}")
for text in result.dropped:
    print(f"dropped            {text.pointer:10} {text.text}")
for other in result.alternatives:
    print(f"or                 {other.pointer:10} {json.dumps(other.value)}")
