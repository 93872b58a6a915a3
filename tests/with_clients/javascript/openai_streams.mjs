// openai: streams, raw and through its helpers.

import { zodResponseFormat, zodTextFormat } from "openai/helpers/zod";
import { MODEL, cell, collect } from "./driver.mjs";
import { BY_HAND, FLAT, USER, chat, client, responseCalls } from "./openai_calls.mjs";
import { strictTools } from "./openai_tools.mjs";
import { PROMPT, Person } from "./shapes.mjs";

cell("stream", "text", async () => {
  const pieces = await collect(await chat({ stream: true, max_tokens: 24 }));
  const text = pieces.map((piece) => piece.choices[0].delta.content ?? "").join("");
  return { text, finish: pieces.at(-1).choices[0].finish_reason, pieces: pieces.length };
});

cell("stream", "usage", async () => {
  const pieces = await collect(await chat({ stream: true, max_tokens: 24, stream_options: { include_usage: true } }));
  if (pieces.at(-1).choices.length) throw new Error("the piece with the usage has choices");
  return { usage: pieces.at(-1).usage, pieces: pieces.length };
});

cell("stream", "helper", async () => {
  let pieces = 0;
  const stream = client.chat.completions.stream({ model: MODEL, messages: USER, max_tokens: 24 });
  stream.on("content", () => (pieces += 1));
  const { choices } = await stream.finalChatCompletion();
  return { text: choices[0].message.content, finish: choices[0].finish_reason, pieces };
});

cell("stream", "typed", async () => {
  let pieces = 0;
  const response_format = zodResponseFormat(Person, "person");
  const stream = client.chat.completions.stream({ model: MODEL, messages: USER, response_format });
  stream.on("content.delta", () => (pieces += 1));
  const { choices } = await stream.finalChatCompletion();
  return { data: choices[0].message.parsed, shape: "person", pieces };
});

cell("stream", "tools", async () => {
  let pieces = 0;
  const stream = client.chat.completions.stream({ model: MODEL, messages: USER, tools: strictTools(), tool_choice: "required" });
  stream.on("tool_calls.function.arguments.delta", () => (pieces += 1));
  const { choices } = await stream.finalChatCompletion();
  const calls = choices[0].message.tool_calls.map((call) => ({
    id: call.id,
    name: call.function.name,
    arguments: call.function.parsed_arguments,
  }));
  return { calls, pieces };
});

// A hand-written loop puts the calls together by index, with name and id from the first piece.
cell("stream", "raw-tools", async () => {
  const made = [];
  let pieces = 0;
  for await (const piece of await chat({ tools: BY_HAND, tool_choice: "required", stream: true })) {
    for (const part of piece.choices[0].delta.tool_calls ?? []) {
      const call = (made[part.index] ??= { id: "", name: "", arguments: "" });
      call.id += part.id ?? "";
      call.name += part.function?.name ?? "";
      call.arguments += part.function?.arguments ?? "";
      pieces += 1;
    }
  }
  return { calls: made.map((call) => ({ ...call, arguments: JSON.parse(call.arguments) })), pieces };
});

cell("stream", "responses", async () => {
  let pieces = 0;
  const stream = client.responses.stream({ model: MODEL, input: PROMPT, text: { format: zodTextFormat(Person, "person") } });
  stream.on("response.output_text.delta", () => (pieces += 1));
  const reply = await stream.finalResponse();
  const { input_tokens, output_tokens, total_tokens } = reply.usage;
  const usage = { prompt_tokens: input_tokens, completion_tokens: output_tokens, total_tokens };
  return { data: reply.output_parsed, shape: "person", pieces, usage };
});

cell("stream", "responses-tools", async () => {
  let pieces = 0;
  const stream = client.responses.stream({ model: MODEL, input: PROMPT, tools: FLAT, tool_choice: "required" });
  stream.on("response.function_call_arguments.delta", () => (pieces += 1));
  return { calls: responseCalls(await stream.finalResponse()), pieces };
});
