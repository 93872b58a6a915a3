// ai: tools, and tools together with an output of a schema.

import { Output, generateText, isStepCount, tool } from "ai";
import { cell, firstWith } from "./driver.mjs";
import { Note, PROMPT, TOOLS } from "./shapes.mjs";

function tools(execute) {
  const pairs = Object.entries(TOOLS).map(([name, { description, schema }]) => [
    name,
    tool({ description, inputSchema: schema, ...(execute && { execute: async () => ({ sky: "clear" }) }) }),
  ]);
  return Object.fromEntries(pairs);
}

export function made(toolCalls) {
  const wrong = toolCalls.filter((call) => call.invalid);
  if (wrong.length) throw new Error(`invalid calls: ${JSON.stringify(wrong)}`);
  return toolCalls.map((call) => ({ id: call.toolCallId, name: call.toolName, arguments: call.input }));
}

export const TOOLS_OF_AI = tools(false);

export function registerTools(model, suffix = "") {
  cell("tools", `named${suffix}`, async () => {
    const toolChoice = { type: "tool", toolName: "Calendar" };
    const { toolCalls } = await generateText({ model, tools: TOOLS_OF_AI, toolChoice, prompt: PROMPT });
    return { calls: made(toolCalls), only: ["Calendar"] };
  });

  cell("tools", `required${suffix}`, async () => {
    const { toolCalls, finishReason } = await generateText({ model, tools: TOOLS_OF_AI, toolChoice: "required", prompt: PROMPT });
    return { calls: made(toolCalls), finish: finishReason };
  });

  cell("tools", `auto${suffix}`, () =>
    firstWith(async (seed) => {
      const call = { model, tools: TOOLS_OF_AI, prompt: PROMPT, seed, temperature: 1, maxOutputTokens: 300 };
      const { toolCalls } = await generateText(call);
      return toolCalls.length ? { calls: made(toolCalls) } : undefined;
    }),
  );

  // ai runs the functions, appends calls and results and asks again, here once.
  cell("tools", `loop${suffix}`, async () => {
    const { steps } = await generateText({
      model,
      tools: tools(true),
      toolChoice: "required",
      prompt: PROMPT,
      stopWhen: isStepCount(2),
    });
    if (steps.length !== 2 || !steps[0].toolResults.length) throw new Error(`steps: ${JSON.stringify(steps)}`);
    return { calls: made(steps.flatMap((step) => step.toolCalls)), least: 2, rounds: steps.length };
  });

  // Both are in one request: an answer is a call, or an object of the schema.
  cell("tools", `Output.object${suffix}`, async () => {
    const output = Output.object({ schema: Note });
    const reply = await generateText({ model, tools: TOOLS_OF_AI, output, prompt: PROMPT });
    return reply.toolCalls.length ? { calls: made(reply.toolCalls) } : { data: reply.output, shape: "note" };
  });
}
