const CHUNK = 40, ROW_HEIGHT = 28; // rows that are made at once, and the pixels of most of them

/** Shows the leaves of an object; rows are made when they come near the view. */
class ObjectPane {
  constructor(pane) {
    this.pane = pane;
    this.elements = new Map();
    this.follower = new Follower(pane, (row) => this.scrollTo(row));
    this.observer = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) if (isIntersecting) this.fill(target);
    }, { root: pane, rootMargin: "600px 0px" });
  }

  show(leaves) {
    this.rows = rowsOf(leaves);
    this.leaves = this.rows.filter((row) => row.leaf).map((row) => row.leaf);
    this.position = new Map(this.leaves.map((leaf, number) => [leaf, number]));
    this.rowOf = new Map();
    this.elements = new Map();
    this.leafOf = new Map();
    this.observer.disconnect();
    const chunks = [];
    for (const [number, row] of this.rows.entries()) {
      if (number % CHUNK === 0) chunks.push({ first: number, element: element("div", "chunk") });
      if (row.leaf) this.rowOf.set(row.leaf, chunks.at(-1).element);
    }
    this.chunks = new Map(chunks.map(({ first, element: made }) => [made, first]));
    for (const [chunk, first] of this.chunks) {
      chunk.role = "none";
      chunk.style.minHeight = `${Math.min(CHUNK, this.rows.length - first) * ROW_HEIGHT}px`;
      chunk.style.containIntrinsicHeight = `auto ${chunk.style.minHeight}`;
      this.observer.observe(chunk);
    }
    this.selected = null;
    this.pane.removeAttribute("aria-activedescendant");
    this.pane.replaceChildren(...this.chunks.keys());
    this.follower.watch([this.pane, ...this.chunks.keys()]);
    if (chunks.length) this.fill(chunks[0].element);
    else this.pane.append(element("p", "empty", "No value passes the filter."));
  }

  fill(chunk) {
    if (chunk.childElementCount) return;
    const first = this.chunks.get(chunk);
    chunk.append(...this.rows.slice(first, first + CHUNK).map((row) => this.row(row)));
    chunk.style.minHeight = "";
    this.observer.unobserve(chunk);
  }

  fillAll() {
    for (const chunk of this.chunks.keys()) this.fill(chunk);
  }

  row(row) {
    const created = row.leaf ? this.leafRow(row) : this.groupRow(row);
    created.style.setProperty("--depth", Math.min(row.depth, 8));
    return created;
  }

  groupRow({ label }) {
    const created = element("div", "row group", element("bdi", "", stepLabel(label)));
    created.ariaHidden = "true"; // each option names its whole pointer
    return created;
  }

  leafRow({ leaf, step }) {
    const name = element("span", "name", element("bdi", "", stepLabel(step) || "(value)"));
    const value = element("span", "value", element("bdi", "", leaf.value ?? "—"));
    const created = element("div", "row leaf", name, value, this.kind(leaf), this.score(leaf));
    if (leaf.error) created.append(this.error(leaf));
    created.id = `leaf-${leaf.order}`;
    created.role = "option";
    created.ariaSelected = String(leaf === this.selected);
    created.ariaPosInSet = String(this.position.get(leaf) + 1);
    created.ariaSetSize = String(this.leaves.length);
    created.ariaLabel = described(leaf);
    created.classList.toggle("selected", leaf === this.selected);
    this.elements.set(leaf, created);
    this.leafOf.set(created, leaf);
    return created;
  }

  kind(leaf) {
    if (!leaf.kind || leaf.kind === "none" && leaf.value === "null") return element("span", "kind");
    const places = leaf.candidates > 1 ? ` ×${leaf.candidates}` : "";
    return element("span", `kind kind-${leaf.kind}`, `${SHORT_KINDS[leaf.kind] ?? leaf.kind}${places}`);
  }

  score(leaf) {
    const score = scoreOf(leaf);
    if (score === undefined) return element("span", "score");
    const bar = element("span", `meter band-${scoreBand(score)}`);
    bar.style.setProperty("--share", score);
    return element("span", "score", bar, score.toFixed(2));
  }

  error(leaf) {
    const words = element("span", "error", spoken(leaf.error));
    return element("span", "gold", words, " gold ", element("bdi", "gold-value", leaf.gold ?? "—"));
  }

  select(leaf) {
    this.toggle(this.selected, false);
    this.selected = leaf && this.rowOf.has(leaf) ? leaf : null;
    if (!this.selected) return;
    this.fill(this.rowOf.get(leaf));
    this.toggle(leaf, true);
    this.pane.setAttribute("aria-activedescendant", `leaf-${leaf.order}`);
    this.follower.follow(this.elements.get(leaf));
  }

  toggle(leaf, isSelected) {
    const row = this.elements.get(leaf);
    if (!row) return;
    row.ariaSelected = String(isSelected);
    row.classList.toggle("selected", isSelected);
  }

  hover(leaf) {
    this.elements.get(this.hovered)?.classList.remove("hovered");
    this.hovered = leaf;
    this.elements.get(leaf)?.classList.add("hovered");
  }

  scrollTo(row) {
    const place = row.getBoundingClientRect(), view = this.pane.getBoundingClientRect();
    const margin = Math.min(2 * ROW_HEIGHT, view.height / 4);
    if (place.top < view.top + margin) this.pane.scrollTop += place.top - view.top - margin;
    else if (place.bottom > view.bottom - margin) this.pane.scrollTop += place.bottom - view.bottom + margin;
  }

  leafAt(target) {
    return this.leafOf.get(target.closest?.(".leaf"));
  }
}

/** Return a leaf in words, for those who hear the page. */
function described(leaf) {
  const parts = [`${leaf.key || "the whole value"}: ${leaf.value ?? "no value"}`];
  if (leaf.error) parts.push(`${ERRORS[leaf.error]}, gold ${leaf.gold ?? "none"}`);
  if (leaf.kind) parts.push(KINDS[leaf.kind]);
  if (leaf.candidates > 1) parts.push(`${leaf.candidates} places`);
  const score = scoreOf(leaf);
  if (score !== undefined) parts.push(`${leaf.confidence === undefined ? "score" : "confidence"} ${score.toFixed(2)}`);
  return parts.join("; ");
}
