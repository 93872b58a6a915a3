"""openai: an invoice as a typed object, and the same object while it grows.

Install `openai`, start `structgen serve`, then run this file.
"""

import os
from datetime import date
from pathlib import Path

from openai import OpenAI
from pydantic import BaseModel

DOCUMENT = (Path(__file__).parents[1] / "invoice.txt").read_text()
URL = os.environ.get("BASE_URL", "http://127.0.0.1:8000/v1")
KEY = os.environ.get("API_KEY", "none")


class Invoice(BaseModel):
    invoice_number: str
    issue_date: date
    due_date: date
    total: float


client = OpenAI(base_url=URL, api_key=KEY)
question = [{"role": "user", "content": DOCUMENT}]
reply = client.chat.completions.parse(
    model="structgen", messages=question, response_format=Invoice, temperature=0
)
print(reply.choices[0].message.parsed)

with client.chat.completions.stream(
    model="structgen", messages=question, response_format=Invoice, temperature=0
) as stream:
    for event in stream:
        if event.type == "content.delta":
            print(event.delta, end="")
print()
