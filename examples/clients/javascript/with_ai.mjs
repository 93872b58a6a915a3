// Vercel's ai: an invoice as a typed object, and the same object while it grows.
//
// npm install ai @ai-sdk/openai-compatible zod; start `structgen serve`; then `node examples/clients/javascript/with_ai.mjs`.

import { readFileSync } from "node:fs";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { Output, generateText, streamText } from "ai";
import { z } from "zod";

const Invoice = z.object({
  invoice_number: z.string(),
  issue_date: z.string(),
  total: z.number(),
});
const DOCUMENT = "examples/invoice.txt";
const { BASE_URL = "http://127.0.0.1:8000/v1", API_KEY = "none" } = process.env;

// Without `supportsStructuredOutputs`, ai sends the schema nowhere.
const structgen = createOpenAICompatible({
  name: "structgen",
  baseURL: BASE_URL,
  apiKey: API_KEY,
  supportsStructuredOutputs: true,
});
const request = {
  model: structgen("structgen"),
  prompt: readFileSync(DOCUMENT, "utf8"),
  output: Output.object({ schema: Invoice }),
  temperature: 0,
};

const { output } = await generateText(request);
console.log(output);

const { partialOutputStream } = streamText(request);
for await (const partial of partialOutputStream) console.log(JSON.stringify(partial));
