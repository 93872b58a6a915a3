"""litellm: an invoice by a Pydantic response format.

Install `litellm`, start `structgen serve`, then run this file.
"""

import os
from datetime import date
from pathlib import Path

import litellm
from pydantic import BaseModel

DOCUMENT = (Path(__file__).parents[1] / "invoice.txt").read_text()
URL = os.environ.get("BASE_URL", "http://127.0.0.1:8000/v1")
KEY = os.environ.get("API_KEY", "none")


class Invoice(BaseModel):
    invoice_number: str
    issue_date: date
    due_date: date
    total: float


reply = litellm.completion(
    "hosted_vllm/structgen",
    api_base=URL,
    api_key=KEY,
    messages=[{"role": "user", "content": DOCUMENT}],
    response_format=Invoice,
    temperature=0,
)
print(Invoice.model_validate_json(reply.choices[0].message.content))
