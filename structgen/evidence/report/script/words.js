const KINDS = {
  exact: "the same characters",
  normalised: "the same words but for case, space or accents",
  value: "the same value in another notation",
  fuzzy: "similar words",
  none: "not in the text",
};
const ERRORS = {
  missing: "no value, but the gold object has one",
  invented: "a value, but the gold object has none",
  other_row: "the value of another row",
  other_field: "the value of another field",
  partial: "a part of the value, or more than it",
  spelling: "misspelt",
  notation: "the number within other words",
  different: "another value",
};
const SHORT_KINDS = { normalised: "normalised", value: "notation", none: "not found" };
const BANDS = ["low", "middle", "high", "unknown", "wrong"];
const BAND_WORDS = { low: "unsure", middle: "less sure", high: "sure" };
const KEYS = [
  ["j ↓, k ↑", "next, previous value; in the text: by its place"],
  ["Home, End", "first, last value"],
  ["e, E", "next, previous error, also of the next document; without gold: not found, or unsure"],
  ["n, p", "next, previous document"],
  ["s", "summary by field"],
  ["/", "filter by text"],
  ["Enter", "go to the other pane, at the same value"],
  ["Esc", "leave the filter, or clear it"],
  ["?", "show the keys"],
];

/** Return an error of the data in words: `other_row` is "other row". */
const spoken = (name) => name.replaceAll("_", " ");

/** Return a share as a percentage; only what is complete is 100%. */
function percent(share) {
  const rounded = Math.round(share * 100);
  return `${rounded === 100 && share < 1 ? 99 : rounded}%`;
}

/** Return a new element with classes and children; strings become text, never markup. */
function element(tag, classes, ...children) {
  const created = document.createElement(tag);
  if (classes) created.className = classes;
  created.append(...children);
  return created;
}

const find = (id) => document.getElementById(id);
