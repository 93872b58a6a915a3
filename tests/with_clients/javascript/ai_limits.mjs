// ai: what a user sees of errors and of answers that are cut.

import { APICallError, generateObject, generateText, jsonSchema, streamText } from "ai";
import { TOOLS_OF_AI, made } from "./ai_tools.mjs";
import { LONG, cell, refusal } from "./driver.mjs";
import { NO_SCHEMA, PROMPT, Person } from "./shapes.mjs";

export function registerLimits(model, stranger, suffix = "") {
  cell("errors", `schema${suffix}`, () =>
    refusal(() => generateObject({ model, schema: jsonSchema(NO_SCHEMA), prompt: PROMPT }), APICallError),
  );

  cell("errors", `long${suffix}`, () => refusal(() => generateText({ model, prompt: LONG }), APICallError));

  cell("errors", `long-stream${suffix}`, () =>
    refusal(async () => {
      const errors = [];
      await streamText({ model, prompt: LONG, onError: ({ error }) => void errors.push(error) }).consumeStream();
      throw errors[0];
    }, APICallError),
  );

  cell("errors", `key${suffix}`, () => refusal(() => generateText({ model: stranger, prompt: PROMPT }), APICallError));

  cell("length", `generateObject${suffix}`, () =>
    refusal(() => generateObject({ model, schema: Person, prompt: PROMPT, maxOutputTokens: 4 })),
  );

  // A client completes cut arguments, so that a cut call must not reach it.
  cell("length", `tools${suffix}`, async () => {
    const call = { model, tools: TOOLS_OF_AI, toolChoice: "auto", prompt: PROMPT, maxOutputTokens: 4 };
    const { toolCalls, finishReason } = await generateText(call);
    return { calls: made(toolCalls), finish: finishReason };
  });
}
