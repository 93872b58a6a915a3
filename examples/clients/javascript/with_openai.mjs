// openai: an invoice as a typed object, and the same object while it grows.
//
// npm install openai zod; start `structgen serve`; then `node examples/clients/javascript/with_openai.mjs`.

import { readFileSync } from "node:fs";
import OpenAI from "openai";
import { zodResponseFormat } from "openai/helpers/zod";
import { z } from "zod";

const Invoice = z.object({
  invoice_number: z.string(),
  issue_date: z.string(),
  total: z.number(),
});
const DOCUMENT = "examples/invoice.txt";
const { BASE_URL = "http://127.0.0.1:8000/v1", API_KEY = "none" } = process.env;
const client = new OpenAI({ baseURL: BASE_URL, apiKey: API_KEY });
const request = {
  model: "structgen",
  messages: [{ role: "user", content: readFileSync(DOCUMENT, "utf8") }],
  response_format: zodResponseFormat(Invoice, "invoice"),
  temperature: 0,
};

const reply = await client.chat.completions.parse(request);
console.log(reply.choices[0].message.parsed);

const stream = client.chat.completions.stream(request);
stream.on("content.delta", ({ delta }) => process.stdout.write(delta));
await stream.done();
console.log();
