// openai: samples, usage, and what a user sees of errors and of answers that are cut.

import OpenAI, { APIError } from "openai";
import { zodResponseFormat } from "openai/helpers/zod";
import { z } from "zod";
import { BASE_URL, LONG, MODEL, WRONG_KEY, cell, collect, refusal } from "./driver.mjs";
import { BY_HAND, USER, chat, client } from "./openai_calls.mjs";
import { NO_SCHEMA, Note, Person } from "./shapes.mjs";

cell("sampling", "n", async () => {
  const json_schema = { name: "note", schema: z.toJSONSchema(Note) };
  const { choices } = await chat({ response_format: { type: "json_schema", json_schema }, n: 3 });
  return { choices: choices.map((choice) => JSON.parse(choice.message.content)), shape: "note" };
});

cell("sampling", "seed", async () => {
  const [first, second] = await Promise.all([1, 2].map(() => chat({ seed: 7, max_tokens: 24 })));
  return { first: first.choices[0].message.content, second: second.choices[0].message.content };
});

cell("sampling", "logprobs", async () => {
  const { choices } = await chat({ max_tokens: 8, logprobs: true });
  return { logprobs: choices[0].logprobs.content.map((token) => token.logprob) };
});

cell("usage", "chat", async () => ({ usage: (await chat({ max_tokens: 24 })).usage }));

cell("usage", "responses", async () => {
  const { usage } = await client.responses.create({ model: MODEL, input: "Hello", max_output_tokens: 24 });
  const { input_tokens, output_tokens, total_tokens } = usage;
  return { usage: { prompt_tokens: input_tokens, completion_tokens: output_tokens, total_tokens } };
});

cell("errors", "schema", () => {
  const json_schema = { name: "bad", schema: NO_SCHEMA };
  return refusal(() => chat({ response_format: { type: "json_schema", json_schema } }), APIError);
});

cell("errors", "schema-responses", () => {
  const text = { format: { type: "json_schema", name: "bad", schema: NO_SCHEMA } };
  return refusal(() => client.responses.create({ model: MODEL, input: "Hello", text }), APIError);
});

cell("errors", "long", () => refusal(() => chat({ messages: [{ role: "user", content: LONG }] }), APIError));

cell("errors", "key", () => {
  const stranger = new OpenAI({ baseURL: BASE_URL, apiKey: WRONG_KEY });
  return refusal(() => stranger.chat.completions.create({ model: MODEL, messages: USER }), APIError);
});

cell("length", "parse", () => {
  const response_format = zodResponseFormat(Person, "person");
  return refusal(() => client.chat.completions.parse({ model: MODEL, messages: USER, response_format, max_tokens: 4 }));
});

cell("length", "tools", async () => {
  const { message, finish_reason } = (await chat({ tools: BY_HAND, tool_choice: "required", max_tokens: 4 })).choices[0];
  return { calls: message.tool_calls ?? [], finish: finish_reason };
});

cell("length", "stream", async () => {
  const pieces = await collect(await chat({ tools: BY_HAND, tool_choice: "required", max_tokens: 4, stream: true }));
  return { calls: pieces.flatMap((piece) => piece.choices[0].delta.tool_calls ?? []), finish: pieces.at(-1).choices[0].finish_reason };
});

cell("length", "responses", async () => {
  const reply = await client.responses.create({ model: MODEL, input: "Hello", max_output_tokens: 4 });
  return { calls: [], finish: reply.status, reason: reply.incomplete_details.reason };
});
