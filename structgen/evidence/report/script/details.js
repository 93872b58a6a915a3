/** Show all that is known of a leaf. */
function showDetails(pane, leaf) {
  if (!leaf) {
    pane.replaceChildren();
    return;
  }
  const score = scoreOf(leaf);
  const facts = [
    ["pointer", leaf.pointer ?? `${leaf.goldPointer} of the gold object`],
    ["value", leaf.value ?? "none"],
    ["gold", leaf.error || leaf.gold !== leaf.value ? leaf.gold : undefined],
    ["gold at", leaf.error && leaf.pointer && leaf.goldPointer !== leaf.pointer ? leaf.goldPointer : undefined],
    ["error", leaf.error && `${spoken(leaf.error)}: ${ERRORS[leaf.error]}`],
    ["match", leaf.kind && `${leaf.kind}: ${KINDS[leaf.kind]}`],
    ["place", placeWords(leaf)],
    ["places", leaf.candidates > 1 ? `${leaf.candidates} say the value` : undefined],
    [leaf.confidence === undefined ? "score" : "confidence", score === undefined ? undefined : scoreWords(score)],
    ["signals", signalWords(leaf.signals)],
  ];
  const list = element("dl", "facts");
  for (const [name, fact] of facts) {
    if (fact === undefined || fact === null || fact === "") continue;
    list.append(element("div", "", element("dt", "", name), element("dd", "", element("bdi", "", fact))));
  }
  pane.replaceChildren(list);
}

function placeWords(leaf) {
  if (leaf.start === undefined) return undefined;
  const page = leaf.page === undefined ? "" : `page ${leaf.page}, `;
  const box = leaf.box ? `, box ${leaf.box.map((edge) => edge.toFixed(1)).join(" ")}` : "";
  return `${page}characters ${leaf.start} to ${leaf.end}${box}`;
}

function scoreWords(score) {
  return `${score.toFixed(3)}, ${BAND_WORDS[scoreBand(score)]}`;
}

function signalWords(signals) {
  if (!signals) return undefined;
  const known = Object.entries(signals).filter(([, value]) => value !== 0);
  return known.map(([name, value]) => `${name} ${Number(value.toPrecision(3))}`).join(", ");
}
