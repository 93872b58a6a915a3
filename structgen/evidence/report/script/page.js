const panes = { document: new DocumentPane(find("text")), object: new ObjectPane(find("object")) };
const filters = new Filters(() => filter());
const state = { number: -1, shown: null, selected: null };
const documents = INDEX.documents;
let hashTimer = 0;

function showDocument(number) {
  if (number === state.number) return;
  const entry = documents[number];
  state.number = number;
  state.shown = readDocument(number);
  state.selected = null;
  find("document-name").replaceChildren(element("bdi", "", entry.id || "Document"),
    ...(entry.problem ? [element("span", "problem", ` ${entry.problem}`)] : []));
  panes.document.show(state.shown);
  filter();
  for (const [other, link] of find("document-list").querySelectorAll("a").entries()) {
    if (other === number) {
      link.setAttribute("aria-current", "true");
      link.scrollIntoView({ block: "nearest" });
    } else link.removeAttribute("aria-current");
  }
}

/** Show the leaves that pass the filters, and keep the selection where it passes. */
function filter() {
  const { leaves } = state.shown;
  const passing = filters.passing(leaves);
  panes.object.show(passing);
  find("shown-count").textContent = passing.length === leaves.length ? `${leaves.length}` : `${passing.length} of ${leaves.length}`;
  if (state.selected && panes.object.position.has(state.selected)) panes.object.select(state.selected);
  else select(panes.object.leaves[0] ?? null);
}

function select(leaf) {
  state.selected = leaf;
  panes.object.select(leaf);
  panes.document.select(leaf);
  showDetails(find("details"), leaf);
  find("status").textContent = leaf && document.activeElement === find("text") ? described(leaf) : "";
  clearTimeout(hashTimer);
  hashTimer = setTimeout(keepHash, 150); // browsers refuse hundreds of changes within seconds
}

function keepHash() {
  if (!find("summary").hidden) return;
  const { selected, number } = state;
  const kept = new URLSearchParams({ document: documents[number].id, n: number });
  if (selected) kept.set(selected.pointer === undefined ? "gold" : "leaf", selected.key);
  history.replaceState(null, "", `#${kept}`);
}

/** Show what the hash of the address names; without one, the summary of an evaluation, or the first document. */
function followHash() {
  const named = new URLSearchParams(location.hash.slice(1));
  const isSummary = INDEX.summary && (named.has("summary") || !named.has("document"));
  const id = named.get("document"), hint = Number(named.get("n") ?? 0);
  const number = documents[hint]?.id === id ? hint : documents.findIndex((entry) => entry.id === id);
  if (documents.length) showDocument(Math.max(number, 0));
  const key = named.get("leaf") ?? named.get("gold");
  const leaf = key === null ? undefined : state.shown?.leaves.find((each) => each.key === key && (each.pointer === undefined) === named.has("gold"));
  if (leaf) {
    if (!panes.object.position.has(leaf)) {
      filters.clear();
      filter();
    }
    select(leaf);
  }
  view(isSummary ? "summary" : "panes");
}

function view(name) {
  find("summary").hidden = name !== "summary";
  find("panes").hidden = name !== "panes";
  const link = find("summary-link");
  if (name === "summary") link?.setAttribute("aria-current", "page");
  else link?.removeAttribute("aria-current");
  if (name === "panes" && state.selected) select(state.selected);
}

/** Show the errors of a field, beginning with the worst document that has one. */
function showField(field) {
  filters.setField(field);
  const number = documents.findIndex((entry) => entry.errors?.[field]);
  if (number === state.number) filter();
  else showDocument(number);
  view("panes");
  find("object").focus({ preventScroll: true });
}
