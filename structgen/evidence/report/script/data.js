const LOW = 0.5, HIGH = 0.8;
const INDEX = readBlock("index");

function readBlock(id) {
  return JSON.parse(find(id).textContent);
}

/** Return the number of elements of a sorted list that are below a value. */
function countBelow(sorted, value) {
  let low = 0, high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Return a function from offsets in code points to offsets in UTF-16 code units. */
function codeUnits(text) {
  const pairs = [];
  for (let unit = 0, point = 0; unit < text.length; unit++, point++) {
    const code = text.charCodeAt(unit);
    if (code >= 0xd800 && code < 0xdc00) {
      pairs.push(point);
      unit++;
    }
  }
  return pairs.length ? (point) => point + countBelow(pairs, point) : (point) => point;
}

/** Return how sure a leaf is, as one of `BANDS`; a leaf that is wrong is shown as such. */
function bandOf(leaf) {
  if (leaf.error) return "wrong";
  const score = scoreOf(leaf);
  return score === undefined ? "unknown" : scoreBand(score);
}

const scoreBand = (score) => score < LOW ? "low" : score < HIGH ? "middle" : "high";

const scoreOf = (leaf) => leaf.confidence ?? leaf.score;
const decoded = (step) => step.replaceAll("~1", "/").replaceAll("~0", "~");

/** Return the steps from the root of the object to a leaf. */
function pathOf(leaf) {
  return leaf.path ?? leaf.pointer.split("/").slice(1).map(decoded);
}

/** Return the document of a number, with its offsets in UTF-16 code units, and what the page derives. */
function readDocument(number) {
  const read = readBlock(`document-${number}`);
  const toUnits = codeUnits(read.text);
  read.pages = (read.pages ?? [0]).map(toUnits);
  for (const [order, leaf] of read.leaves.entries()) {
    leaf.order = order;
    for (const name of ["start", "end", "goldStart", "goldEnd"]) {
      if (leaf[name] !== undefined) leaf[`${name}Unit`] = toUnits(leaf[name]);
    }
    leaf.key = leaf.pointer ?? leaf.goldPointer;
    leaf.field = leaf.key.replace(/\/\d+(?=\/|$)/g, "/*");
    leaf.sought = [leaf.key, leaf.field, leaf.value, leaf.gold].join("\n").toLowerCase();
  }
  return read;
}

/** Return whether a person should look at a leaf: it is wrong, or without gold, not found or unsure. */
function needsLook(leaf) {
  return INDEX.summary ? Boolean(leaf.error) : leaf.kind === "none" && leaf.value !== "null" || scoreOf(leaf) < LOW;
}
