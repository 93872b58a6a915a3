/** Return the rows of an object: one for each leaf, and one for each object and list around leaves. */
function rowsOf(leaves) {
  const root = newGroup("", 0);
  for (const leaf of leaves) {
    const path = pathOf(leaf);
    let group = root;
    for (const step of path.slice(0, -1)) {
      if (!group.groups.has(step)) {
        const inner = newGroup(step, group.depth + 1);
        group.groups.set(step, inner);
        group.children.push(inner);
      }
      group = group.groups.get(step);
    }
    group.children.push({ leaf, step: path.at(-1) ?? "", depth: group.depth });
  }
  return flattened(root);
}

function newGroup(step, depth) {
  return { step, depth, groups: new Map(), children: [] };
}

/** Return the rows in order; an object with one inner group only shares its row with it. */
function flattened(root) {
  const rows = [];
  const stack = [...root.children].reverse();
  while (stack.length) {
    const row = stack.pop();
    if (row.leaf) {
      rows.push(row);
      continue;
    }
    rows.push({ label: row.step, depth: row.depth - 1 });
    for (let i = row.children.length - 1; i >= 0; i--) stack.push(row.children[i]);
  }
  return rows;
}

/** Return how a step of a path is shown: indices in brackets, those of the gold object marked. */
function stepLabel(step) {
  if (typeof step === "number") return step < 0 ? `[${-step - 1}] of gold` : `[${step}]`;
  return /^(0|[1-9]\d*)$/.test(step) ? `[${step}]` : step;
}
