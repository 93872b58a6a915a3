#!/bin/sh
# Without any library: `structgen serve`, then `sh examples/curl.sh [URL]`.
set -eu
url="${1:-http://127.0.0.1:8000}"
curl --silent --show-error --fail-with-body "$url/v1/extract" \
  --header "Authorization: Bearer ${STRUCTGEN_API_KEY:-}" \
  --header "Content-Type: application/json" \
  --data @- <<'BODY'
{
  "schema": {
    "type": "object",
    "properties": {
      "invoice_number": {"type": "string"},
      "due_date": {"type": "string", "format": "date"},
      "total": {"type": "number"}
    },
    "required": ["invoice_number", "due_date", "total"],
    "additionalProperties": false
  },
  "document": "Invoice number: INV-2026-0042\nDue date: 1 April 2026\nTotal: 1,069.22\n"
}
BODY
