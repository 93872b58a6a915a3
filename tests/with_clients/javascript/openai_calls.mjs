// openai: the client, and what its cells share.

import OpenAI from "openai";
import { API_KEY, BASE_URL, MODEL } from "./driver.mjs";
import { PROMPT, TOOLS } from "./shapes.mjs";
import { z } from "zod";

export const client = new OpenAI({ baseURL: BASE_URL, apiKey: API_KEY });
export const USER = [{ role: "user", content: PROMPT }];
// Tools as a caller writes them by hand: not strict.
export const BY_HAND = Object.entries(TOOLS).map(([name, { description, schema }]) => ({
  type: "function",
  function: { name, description, parameters: z.toJSONSchema(schema) },
}));
export const FLAT = BY_HAND.map((tool) => ({ type: "function", strict: false, ...tool.function }));

export function chat(options) {
  return client.chat.completions.create({ model: MODEL, messages: USER, ...options });
}

export function calls(message) {
  return (message.tool_calls ?? []).map((call) => ({
    id: call.id,
    name: call.function.name,
    arguments: JSON.parse(call.function.arguments),
  }));
}

export function responseCalls(response) {
  return response.output
    .filter((item) => item.type === "function_call")
    .map((item) => ({ id: item.call_id, name: item.name, arguments: JSON.parse(item.arguments) }));
}
