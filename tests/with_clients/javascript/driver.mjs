// The frame of every script: it answers lines `{"cell": NAME, "arguments": [...]}` on standard input, one JSON line each.

import { createInterface } from "node:readline";

export const { BASE_URL, API_KEY, MODEL } = process.env;
export const WRONG_KEY = "not-the-key";
// A text that no context of the tests' model holds.
export const LONG = "one word after another ".repeat(2000);

// The functions of a script by the name of their cell; `cells` lists the others.
const cells = new Map([["cells", () => [...cells.keys()].slice(1)]]);

// Register a function as the cell `FEATURE-MODE` of this client.
export function cell(feature, mode, run) {
  cells.set(`${feature}-${mode}`, run);
}

// Return what a user of the client sees of the error that a call must raise.
export async function refusal(call, kind = Error) {
  let value;
  try {
    value = await call();
  } catch (error) {
    if (!(error instanceof kind)) throw error;
    const status = error.status ?? error.statusCode ?? null;
    return { error: { type: error.name === "Error" ? error.constructor.name : error.name, message: error.message, status } };
  }
  throw new Error(`no error, but ${JSON.stringify(value)}`);
}

// Return the first result of a call with the seeds 0, 1, … that is whole and not undefined: random weights do by chance what
// is asked.
export async function firstWith(attempt, seeds = 40) {
  for (let seed = 0; seed < seeds; seed += 1) {
    let result;
    try {
      result = await attempt(seed);
    } catch (error) {
      if (!isCut(error)) throw error;
    }
    if (result !== undefined) return result;
  }
  throw new Error(`none of ${seeds} answers has what the cell asks for`);
}

// Whether max_tokens ended the answer: openai has the code of the error, ai its body.
function isCut(error) {
  return error.code === "incomplete" || /"code": ?"incomplete"/.test(error.responseBody ?? "");
}

export async function collect(iterable) {
  const pieces = [];
  for await (const piece of iterable) pieces.push(piece);
  return pieces;
}

// Answer until standard input ends; what clients print goes to standard error.
export async function serve() {
  console.log = console.warn = console.info = console.error;
  for await (const line of createInterface({ input: process.stdin })) {
    const { cell: name, arguments: given = [] } = JSON.parse(line);
    let answer;
    try {
      answer = { result: await cells.get(name)(...given) };
    } catch (error) {
      answer = { fault: `${error.stack}\n${JSON.stringify(error, null, 1)}` };
    }
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
}
