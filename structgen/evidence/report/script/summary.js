/** Fill the table by field; `onField` is called with a field whose errors are asked for. */
function showSummary(pane, onField) {
  const summary = INDEX.summary;
  const kinds = Object.keys(ERRORS).filter((name) => summary.total.errors[name]);
  const head = element("tr", "", ...["field", "values", "right", "95% interval", "exact", "normalised", "precision", "recall",
    ...kinds.map(spoken)].map((name) => {
    const cell = element("th", "", name);
    cell.scope = "col";
    return cell;
  }));
  const rows = [summary.total, ...summary.fields].map((field) => fieldRow(field, kinds, onField));
  const table = element("table", "", element("thead", "", head), element("tbody", "", ...rows));
  pane.replaceChildren(element("h2", "", "Summary by field"), element("p", "", totalWords()), table);
}

function totalWords() {
  const { documents, without_object: without, macro, total } = INDEX.summary;
  const missing = without ? `, ${without} without an object` : "";
  return `${documents} documents${missing}. ${percent(total.share_right)} of ${total.count} values are right; `
    + `the mean over the documents is ${percent(macro)}.`;
}

function fieldRow(field, kinds, onField) {
  const isTotal = field === INDEX.summary.total;
  const name = element("th", "field");
  name.scope = "row";
  const wrong = Object.values(field.errors).reduce((sum, count) => sum + count, 0);
  if (isTotal || !wrong) {
    name.append(element("bdi", "", isTotal ? "all" : field.field || "(value)"));
  } else {
    const button = element("button", "link", element("bdi", "", field.field || "(value)"));
    button.type = "button";
    button.title = "Show the errors of this field";
    button.addEventListener("click", () => onField(field.field));
    name.append(button);
  }
  const meter = element("span", `meter band-${scoreBand(field.share_right)}`);
  meter.style.setProperty("--share", field.share_right);
  const cells = [field.count, null, field.interval.map(percent).join(" to "), field.exact, field.normalised,
    field.precision === null ? "" : percent(field.precision), field.recall === null ? "" : percent(field.recall),
    ...kinds.map((kind) => field.errors[kind] ?? "")];
  const row = element("tr", isTotal ? "total" : "", name, ...cells.map((cell) => element("td", "", String(cell ?? ""))));
  row.children[2].replaceChildren(meter, percent(field.share_right));
  row.children[2].className = "score";
  return row;
}

/** Fill the list of documents, with the share right of each. */
function showDocuments(list) {
  for (const [number, entry] of INDEX.documents.entries()) {
    const link = element("a", "", element("bdi", "", entry.id || `document ${number + 1}`), element("span", "note", noteOf(entry)));
    link.href = `#${new URLSearchParams({ document: entry.id, n: number })}`;
    list.append(element("li", "", link));
  }
}

function noteOf(entry) {
  if (entry.problem) return "no object";
  if (entry.share === undefined) return `${entry.count} values`;
  const wrong = Object.values(entry.errors).reduce((sum, count) => sum + count, 0);
  return wrong ? `${percent(entry.share)} · ${wrong} wrong` : percent(entry.share);
}
