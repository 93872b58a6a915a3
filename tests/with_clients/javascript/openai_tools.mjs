// openai: tools, by hand and through its helpers.

import { zodFunction } from "openai/helpers/zod";
import { MODEL, cell, firstWith } from "./driver.mjs";
import { BY_HAND, FLAT, USER, calls, chat, client, responseCalls } from "./openai_calls.mjs";
import { PROMPT, TOOLS } from "./shapes.mjs";

// Strict tools with functions, which record what they are called with.
export function strictTools(made = []) {
  return Object.entries(TOOLS).map(([name, { description, schema }]) =>
    zodFunction({
      name,
      description,
      parameters: schema,
      function: (values) => {
        made.push({ id: `run-${made.length}`, name, arguments: values });
        return { sky: "clear" };
      },
    }),
  );
}

cell("tools", "named", async () => {
  const tool_choice = { type: "function", function: { name: "Calendar" } };
  const reply = await chat({ tools: BY_HAND, tool_choice });
  return { calls: calls(reply.choices[0].message), only: ["Calendar"] };
});

cell("tools", "required", async () => {
  const reply = await chat({ tools: BY_HAND, tool_choice: "required", parallel_tool_calls: false });
  return { calls: calls(reply.choices[0].message), most: 1 };
});

cell("tools", "zodFunction", async () => {
  const reply = await client.chat.completions.parse({
    model: MODEL,
    messages: USER,
    tools: strictTools(),
    tool_choice: "required",
    parallel_tool_calls: false,
  });
  const parsed = reply.choices[0].message.tool_calls.map((call) => ({
    id: call.id,
    name: call.function.name,
    arguments: call.function.parsed_arguments,
  }));
  return { calls: parsed };
});

cell("tools", "auto", () =>
  firstWith(async (seed) => {
    const { message } = (await chat({ tools: BY_HAND, seed, temperature: 1, max_tokens: 300 })).choices[0];
    return message.tool_calls?.length ? { calls: calls(message) } : undefined;
  }),
);

cell("tools", "parallel", () =>
  firstWith(async (seed) => {
    const options = { tools: BY_HAND, tool_choice: "required", seed, temperature: 1, max_tokens: 300 };
    const { message } = (await chat(options)).choices[0];
    return message.tool_calls?.length > 1 ? { calls: calls(message), least: 2 } : undefined;
  }),
);

// The helper runs the functions, appends calls and results and asks again, here twice.
cell("tools", "runTools", async () => {
  const made = [];
  const options = { model: MODEL, messages: USER, tools: strictTools(made), tool_choice: "required", parallel_tool_calls: false };
  const runner = client.chat.completions.runTools(options, { maxChatCompletions: 2 });
  await runner.done();
  const roles = runner.messages.map((message) => message.role).join(" ");
  if (roles !== "user assistant tool assistant tool") throw new Error(roles);
  return { calls: made, least: 2, rounds: 2 };
});

cell("tools", "runTools-stream", async () => {
  const made = [];
  const tool_choice = { type: "function", function: { name: "Weather" } };
  const runner = client.chat.completions.runTools({ model: MODEL, messages: USER, tools: strictTools(made), tool_choice, stream: true });
  await runner.done();
  return { calls: made, only: ["Weather"] };
});

cell("tools", "loop", async () => {
  const first = (await chat({ tools: BY_HAND, tool_choice: "required" })).choices[0].message;
  const results = first.tool_calls.map((call) => ({ role: "tool", tool_call_id: call.id, content: '{"sky": "clear"}' }));
  const last = await chat({ messages: [...USER, first, ...results], tools: BY_HAND, tool_choice: "none", max_tokens: 24 });
  return { calls: calls(first), text: last.choices[0].message.content, finish: last.choices[0].finish_reason };
});

cell("tools", "responses", async () => {
  const first = await client.responses.create({ model: MODEL, input: PROMPT, tools: FLAT, tool_choice: "required" });
  const made = responseCalls(first);
  const results = made.map((call) => ({ type: "function_call_output", call_id: call.id, output: "clear" }));
  const input = [{ role: "user", content: PROMPT }, ...first.output, ...results];
  const last = await client.responses.create({ model: MODEL, input, tools: FLAT, tool_choice: "none", max_output_tokens: 24 });
  return { calls: made, text: last.output_text, finish: last.status };
});
