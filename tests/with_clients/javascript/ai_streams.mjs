// ai: streams of texts, objects, items of a list and calls.

import { Output, streamObject, streamText } from "ai";
import { counted } from "./ai_answers.mjs";
import { TOOLS_OF_AI, made } from "./ai_tools.mjs";
import { cell, collect, firstWith } from "./driver.mjs";
import { Note, PROMPT, Person } from "./shapes.mjs";

// streamText and streamObject report errors here and end: an error must fail the cell.
function failing() {
  const errors = [];
  return { onError: ({ error }) => void errors.push(error), check: () => errors.forEach((error) => { throw error; }) };
}

export function registerStreams(model, suffix = "") {
  cell("stream", `streamText${suffix}`, async () => {
    const { onError, check } = failing();
    const stream = streamText({ model, prompt: PROMPT, maxOutputTokens: 24, onError });
    const pieces = await collect(stream.textStream);
    check();
    return { text: pieces.join(""), finish: await stream.finishReason, pieces: pieces.length, usage: counted(await stream.usage) };
  });

  cell("stream", `streamObject${suffix}`, async () => {
    const { onError, check } = failing();
    const stream = streamObject({ model, schema: Person, prompt: PROMPT, onError });
    const pieces = await collect(stream.partialObjectStream);
    check();
    return { data: await stream.object, shape: "person", pieces: pieces.length };
  });

  cell("stream", `streamObject-array${suffix}`, () =>
    firstWith(async (seed) => {
      const { onError, check } = failing();
      const stream = streamObject({ model, output: "array", schema: Note, prompt: PROMPT, seed, temperature: 1, onError });
      const items = await collect(stream.elementStream);
      check();
      const { length } = await stream.object;
      if (items.length !== length) throw new Error(`${items.length} items were streamed, ${length} are in the list`);
      return length ? { data: items, shape: "notes" } : undefined;
    }),
  );

  cell("stream", `Output.object${suffix}`, async () => {
    const { onError, check } = failing();
    const stream = streamText({ model, output: Output.object({ schema: Person }), prompt: PROMPT, onError });
    const pieces = await collect(stream.partialOutputStream);
    check();
    return { data: await stream.output, shape: "person", pieces: pieces.length };
  });

  cell("stream", `tools${suffix}`, async () => {
    const { onError, check } = failing();
    const stream = streamText({ model, tools: TOOLS_OF_AI, toolChoice: "required", prompt: PROMPT, onError });
    const pieces = (await collect(stream.fullStream)).filter((part) => part.type === "tool-input-delta");
    check();
    return { calls: made(await stream.toolCalls), pieces: pieces.length };
  });
}
