// Answer for ai with @ai-sdk/openai-compatible: chat completions.

import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { generateObject } from "ai";
import { registerAnswers } from "./ai_answers.mjs";
import { registerLimits } from "./ai_limits.mjs";
import { registerStreams } from "./ai_streams.mjs";
import { registerTools } from "./ai_tools.mjs";
import { API_KEY, BASE_URL, MODEL, WRONG_KEY, cell, serve } from "./driver.mjs";
import { PROMPT, Person } from "./shapes.mjs";

function provider(options) {
  return createOpenAICompatible({ name: "structgen", baseURL: BASE_URL, apiKey: API_KEY, includeUsage: true, ...options });
}

const model = provider({ supportsStructuredOutputs: true })(MODEL);
registerAnswers(model);
registerTools(model);
registerStreams(model);
registerLimits(model, provider({ apiKey: WRONG_KEY })(MODEL));

// Without `supportsStructuredOutputs` the schema is sent nowhere: only a model that reads the prompt can answer.
cell("typed", "json_object", async (baseURL) => {
  const prompt = `${PROMPT} Answer in JSON: name, age, born, role, address, tags.`;
  const { object } = await generateObject({ model: provider({ baseURL })(MODEL), schema: Person, prompt });
  return { data: object, shape: "person" };
});

await serve();
