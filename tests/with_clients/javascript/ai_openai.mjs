// Answer for ai with @ai-sdk/openai: responses, and chat completions where the cell's name ends in `-chat`.

import { createOpenAI } from "@ai-sdk/openai";
import { registerAnswers } from "./ai_answers.mjs";
import { registerLimits } from "./ai_limits.mjs";
import { registerStreams } from "./ai_streams.mjs";
import { registerTools } from "./ai_tools.mjs";
import { API_KEY, BASE_URL, MODEL, WRONG_KEY, serve } from "./driver.mjs";

const provider = createOpenAI({ baseURL: BASE_URL, apiKey: API_KEY });
const stranger = createOpenAI({ baseURL: BASE_URL, apiKey: WRONG_KEY });
for (const [model, unknown, suffix] of [
  [provider(MODEL), stranger(MODEL), ""],
  [provider.chat(MODEL), stranger.chat(MODEL), "-chat"],
]) {
  registerAnswers(model, suffix);
  registerTools(model, suffix);
  registerStreams(model, suffix);
  registerLimits(model, unknown, suffix);
}

await serve();
