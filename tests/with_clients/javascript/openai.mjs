// Answer for openai.

import { serve } from "./driver.mjs";
import "./openai_answers.mjs";
import "./openai_tools.mjs";
import "./openai_streams.mjs";
import "./openai_limits.mjs";

await serve();
