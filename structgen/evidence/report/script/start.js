/** Call a function with the last event of each frame only. */
function perFrame(handle) {
  let last = null;
  return (event) => {
    if (!last) requestAnimationFrame(() => { handle(last); last = null; });
    last = event;
  };
}

function hover(leaf) {
  panes.document.hover(leaf);
  panes.object.hover(leaf);
}

function onTextClick(event) {
  if (!getSelection().isCollapsed) return; // text is being copied
  const hits = panes.document.leavesAt(event.clientX, event.clientY);
  if (!hits.length) return;
  const leaf = hits[(hits.indexOf(state.selected) + 1) % hits.length]; // a second click: the next leaf of the place
  if (!panes.object.position.has(leaf)) {
    filters.clear();
    filter();
  }
  select(leaf);
}

function start() {
  const isEvaluation = Boolean(INDEX.summary);
  for (const part of document.querySelectorAll("[data-gold]")) part.hidden = !isEvaluation;
  for (const part of document.querySelectorAll("[data-plain]")) part.hidden = isEvaluation;
  find("totals").textContent = isEvaluation ? totalWords() : "";
  find("key-list").append(...KEYS.map(([keys, words]) => element("div", "", element("dt", "", keys), element("dd", "", words))));
  if (documents.length > 1 || isEvaluation) {
    find("documents").hidden = false;
    showDocuments(find("document-list"));
  }
  if (isEvaluation) {
    showSummary(find("summary"), showField);
    const link = element("a", "", "Summary by field");
    link.id = "summary-link";
    link.href = "#summary";
    find("document-list").before(link);
  }
  listen();
  followHash();
  find("object").focus({ preventScroll: true });
}

function listen() {
  const text = find("text"), object = find("object");
  document.addEventListener("keydown", onKey);
  addEventListener("hashchange", followHash);
  addEventListener("beforeprint", () => panes.object.fillAll());
  text.addEventListener("click", onTextClick);
  text.addEventListener("pointermove", perFrame((event) => {
    const [leaf] = panes.document.leavesAt(event.clientX, event.clientY);
    text.classList.toggle("pointing", Boolean(leaf));
    hover(leaf);
  }));
  object.addEventListener("pointermove", perFrame((event) => hover(panes.object.leafAt(event.target))));
  for (const pane of [text, object]) pane.addEventListener("pointerleave", () => hover(undefined));
  object.addEventListener("click", (event) => {
    const leaf = panes.object.leafAt(event.target);
    if (leaf) select(leaf);
  });
  find("next-error").addEventListener("click", () => moveToError(1));
  find("previous-error").addEventListener("click", () => moveToError(-1));
  find("show-keys").addEventListener("click", () => find("keys").showModal());
}

start();
