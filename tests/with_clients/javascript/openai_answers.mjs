// openai: texts and objects, by chat completions and by responses.

import { zodResponseFormat, zodTextFormat } from "openai/helpers/zod";
import { z } from "zod";
import { MODEL, cell, collect, firstWith } from "./driver.mjs";
import { USER, chat, client } from "./openai_calls.mjs";
import { CHOICE, GRAMMAR, Note, PROMPT, Person, REGEX } from "./shapes.mjs";

cell("models", "list", async () => ({ models: (await collect(client.models.list())).map((model) => model.id) }));

cell("text", "chat", async () => {
  const messages = [
    { role: "developer", content: "Be brief." },
    { role: "user", content: [{ type: "text", text: PROMPT }] },
  ];
  const { choices } = await chat({ messages, max_completion_tokens: 24 });
  return { text: choices[0].message.content, finish: choices[0].finish_reason };
});

cell("text", "responses", async () => {
  const reply = await client.responses.create({ model: MODEL, input: PROMPT, instructions: "Be brief.", max_output_tokens: 24 });
  return { text: reply.output_text, finish: reply.status };
});

cell("typed", "zodResponseFormat", async () => {
  const reply = await client.chat.completions.parse({ model: MODEL, messages: USER, response_format: zodResponseFormat(Person, "person") });
  return { data: reply.choices[0].message.parsed, shape: "person" };
});

cell("typed", "schema", async () => {
  const wrapped = { name: "person", schema: z.toJSONSchema(Person) };
  const reply = await chat({ response_format: { type: "json_schema", json_schema: wrapped } });
  return { data: JSON.parse(reply.choices[0].message.content), shape: "person" };
});

cell("typed", "zodTextFormat", async () => {
  const reply = await client.responses.parse({ model: MODEL, input: PROMPT, text: { format: zodTextFormat(Person, "person") } });
  return { data: reply.output_parsed, shape: "person" };
});

// The first whole object counts: without a schema nothing bounds what random weights write.
cell("json", "chat", async () => {
  const data = await firstWith(async (seed) => {
    const options = { response_format: { type: "json_object" }, seed, temperature: 1, max_tokens: 400 };
    const { choices } = await chat(options);
    return JSON.parse(choices[0].message.content);
  });
  return { data, shape: "object" };
});

async function constrained(structured_outputs) {
  const reply = await chat({ structured_outputs });
  return reply.choices[0].message.content;
}

cell("constraint", "regex", async () => ({ text: await constrained({ regex: REGEX }), matches: REGEX }));
cell("constraint", "choice", async () => ({ text: await constrained({ choice: CHOICE }), matches: CHOICE.join("|") }));
cell("constraint", "grammar", async () => ({ text: await constrained({ grammar: GRAMMAR }), matches: "yes|no|[0-9]{1,3}" }));
cell("constraint", "json", async () => {
  const text = await constrained({ json: z.toJSONSchema(Note) });
  return { data: JSON.parse(text), shape: "note" };
});
