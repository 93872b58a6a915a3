"""Broken JSON in, the object that was meant out, with an account of every change."""

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
