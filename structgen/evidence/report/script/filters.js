/** The filters of the values, which hold for all documents. */
class Filters {
  constructor(onChange) {
    this.text = find("filter-text");
    this.errors = find("filter-errors");
    this.error = find("filter-error");
    this.kind = find("filter-kind");
    this.score = find("filter-score");
    for (const name of Object.keys(ERRORS)) this.error.append(new Option(spoken(name), name));
    for (const name of Object.keys(KINDS)) this.kind.append(new Option(SHORT_KINDS[name] ?? name, name));
    const form = find("filters");
    form.addEventListener("input", onChange);
    form.addEventListener("submit", (event) => event.preventDefault());
  }

  /** Return the leaves that pass all filters. */
  passing(leaves) {
    const text = this.text.value.toLowerCase();
    const below = this.score.value === "" ? undefined : Number(this.score.value);
    return leaves.filter((leaf) => (!text || leaf.sought.includes(text))
      && (!this.errors.checked || leaf.error)
      && (!this.error.value || leaf.error === this.error.value)
      && (!this.kind.value || leaf.kind === this.kind.value)
      && (below === undefined || scoreOf(leaf) < below));
  }

  /** Let only the leaves of a field pass that are wrong. */
  setField(field) {
    this.clear();
    this.text.value = field;
    this.errors.checked = true;
  }

  clear() {
    find("filters").reset();
  }
}
