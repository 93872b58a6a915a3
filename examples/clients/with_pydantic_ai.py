"""pydantic-ai: an agent whose answer is an invoice.

Install `pydantic-ai-slim[openai]`, start `structgen serve`, then run this file.
"""

import os
from datetime import date
from pathlib import Path

from pydantic import BaseModel
from pydantic_ai import Agent, NativeOutput
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider

DOCUMENT = (Path(__file__).parents[1] / "invoice.txt").read_text()
URL = os.environ.get("BASE_URL", "http://127.0.0.1:8000/v1")
KEY = os.environ.get("API_KEY", "none")


class Invoice(BaseModel):
    invoice_number: str
    issue_date: date
    due_date: date
    total: float


model = OpenAIChatModel("structgen", provider=OpenAIProvider(base_url=URL, api_key=KEY))
agent = Agent(model, output_type=NativeOutput(Invoice), model_settings={"temperature": 0})
print(agent.run_sync(DOCUMENT).output)
