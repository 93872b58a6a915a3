/** Select the leaf that stands some steps behind the selected one, among those that pass the filters. */
function move(step) {
  const inText = document.activeElement === find("text");
  const leaves = inText ? panes.document.places.filter((leaf) => panes.object.position.has(leaf)) : panes.object.leaves;
  const at = inText ? leaves.indexOf(state.selected) : panes.object.position.get(state.selected) ?? -1;
  const next = leaves[Math.max(0, Math.min(at + step, leaves.length - 1))];
  if (next && next !== state.selected) select(next);
}

/** Select the next leaf to look at, in this document or, behind its last one, in another. */
function moveToError(step) {
  if (find("panes").hidden) view("panes");
  const { leaves, position } = panes.object;
  const from = position.get(state.selected) ?? -1;
  for (let at = from + step; at >= 0 && at < leaves.length; at += step) {
    if (needsLook(leaves[at])) return select(leaves[at]);
  }
  for (let number = state.number + step; documents[number]; number += step) {
    if (documents[number].errors && !Object.keys(documents[number].errors).length) continue;
    const inside = filters.passing(readDocument(number).leaves).filter(needsLook);
    if (!inside.length) continue;
    showDocument(number);
    const found = panes.object.leaves.filter(needsLook);
    return select(step > 0 ? found[0] : found.at(-1));
  }
  find("status").textContent = step > 0 ? "No further error." : "No earlier error.";
}

function moveToDocument(step) {
  if (!documents[state.number + step]) return;
  showDocument(state.number + step);
  view("panes");
}

function crossOver() {
  const target = document.activeElement === find("text") ? "object" : "text";
  find(target).focus({ preventScroll: true });
}

const COMMANDS = {
  j: () => move(1), ArrowDown: () => move(1), k: () => move(-1), ArrowUp: () => move(-1),
  PageDown: () => move(15), PageUp: () => move(-15), Home: () => move(-Infinity), End: () => move(Infinity),
  e: () => moveToError(1), E: () => moveToError(-1), n: () => moveToDocument(1), p: () => moveToDocument(-1),
  s: () => INDEX.summary && (location.hash = "summary"),
  "/": () => find("filter-text").focus(),
  "?": () => find("keys").showModal(),
  Enter: crossOver,
};

function onKey(event) {
  const { key, target } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || find("keys").open) return;
  if (target.closest("input, select")) {
    if (key === "Escape") leaveFilter(event);
    else if (key === "Enter" && target === filters.text) find("object").focus({ preventScroll: true });
    return;
  }
  if (key === "Escape") return void (filters.clear(), filter());
  const scrolls = target.closest("#summary, #document-list, #details, a, button");
  if (!COMMANDS[key] || scrolls && /^(Arrow|Page|Home|End|Enter)/.test(key)) return;
  event.preventDefault();
  COMMANDS[key]();
}

/** Leave a filter: with its text first, without it the next time. */
function leaveFilter(event) {
  event.preventDefault();
  find("object").focus({ preventScroll: true });
}
