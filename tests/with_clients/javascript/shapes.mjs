// What the clients ask for: every text, number and list has bounds, so that an answer of random weights ends.

import { z } from "zod";

export const PROMPT = "Ada, 36, admin in Turin.";
const short = z.string().max(12);

export const Person = z.object({
  name: short,
  age: z.int().min(0).max(150),
  born: z.iso.date().nullable(),
  role: z.enum(["admin", "user"]),
  address: z.object({ city: short }),
  tags: z.array(short).max(3),
});
export const Note = z.object({ title: short, stars: z.int().min(1).max(5), done: z.boolean() });
export const COLOURS = ["red", "green"];

export const Weather = z.object({ city: short, unit: z.enum(["C", "F"]) });
export const Calendar = z.object({ day: z.int().min(1).max(31), titles: z.array(short).max(2) });
export const TOOLS = {
  Weather: { description: "Tell the weather of a city.", schema: Weather },
  Calendar: { description: "Tell what happens on a day.", schema: Calendar },
};

export const GRAMMAR = 'start: "yes" | "no" | NUMBER\nNUMBER: /[0-9]{1,3}/';
export const REGEX = "(north|south)-[0-9]{2}";
export const CHOICE = ["alpha", "beta"];
// A type that JSON Schema does not have.
export const NO_SCHEMA = { type: "object", properties: { age: { type: "nosuch" } } };
