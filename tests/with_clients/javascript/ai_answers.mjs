// ai: texts and objects. `register(model, suffix)` makes the cells of a provider's model.

import { Output, generateObject, generateText } from "ai";
import { cell, firstWith } from "./driver.mjs";
import { COLOURS, Note, PROMPT, Person } from "./shapes.mjs";

export function registerAnswers(model, suffix = "") {
  cell("text", `generateText${suffix}`, async () => {
    const { text, finishReason } = await generateText({ model, instructions: "Be brief.", prompt: PROMPT, maxOutputTokens: 24 });
    return { text, finish: finishReason };
  });

  cell("typed", `generateObject${suffix}`, async () => {
    const { object } = await generateObject({ model, schema: Person, prompt: PROMPT });
    return { data: object, shape: "person" };
  });

  cell("typed", `generateObject-array${suffix}`, () =>
    firstWith(async (seed) => {
      const { object } = await generateObject({ model, output: "array", schema: Note, prompt: PROMPT, seed, temperature: 1 });
      return object.length ? { data: object, shape: "notes" } : undefined;
    }),
  );

  cell("typed", `generateObject-enum${suffix}`, async () => {
    const { object } = await generateObject({ model, output: "enum", enum: COLOURS, prompt: PROMPT });
    return { data: object, shape: "colour" };
  });

  cell("typed", `Output.object${suffix}`, async () => {
    const { output } = await generateText({ model, output: Output.object({ schema: Person }), prompt: PROMPT });
    return { data: output, shape: "person" };
  });

  cell("typed", `Output.array${suffix}`, () =>
    firstWith(async (seed) => {
      const output = Output.array({ element: Note });
      const reply = await generateText({ model, output, prompt: PROMPT, seed, temperature: 1 });
      return reply.output.length ? { data: reply.output, shape: "notes" } : undefined;
    }),
  );

  cell("typed", `Output.choice${suffix}`, async () => {
    const { output } = await generateText({ model, output: Output.choice({ options: COLOURS }), prompt: PROMPT });
    return { data: output, shape: "colour" };
  });

  // The first whole object counts: without a schema nothing bounds what random weights write.
  cell("json", `no-schema${suffix}`, async () => {
    const data = await firstWith(async (seed) => {
      const call = { model, output: "no-schema", prompt: PROMPT, seed, temperature: 1, maxOutputTokens: 400 };
      return (await generateObject(call)).object;
    });
    return { data, shape: "object" };
  });

  cell("usage", `generateText${suffix}`, async () => {
    const { usage } = await generateText({ model, prompt: PROMPT, maxOutputTokens: 24 });
    return { usage: counted(usage) };
  });

  cell("sampling", `seed${suffix}`, async () => {
    const ask = () => generateText({ model, prompt: PROMPT, maxOutputTokens: 24, seed: 7 });
    return { first: (await ask()).text, second: (await ask()).text };
  });
}

export function counted({ inputTokens, outputTokens, totalTokens }) {
  return { prompt_tokens: inputTokens, completion_tokens: outputTokens, total_tokens: totalTokens };
}
