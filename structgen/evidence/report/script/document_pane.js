const BLOCK = 4000; // characters of one block of text: a browser lays out only those near the view
const LONG = 200_000;

/** Shows the text of a document, and the places of its leaves. */
class DocumentPane {
  constructor(pane) {
    this.pane = pane;
  }

  show(shown) {
    this.text = shown.text;
    this.starts = [];
    this.nodes = [];
    this.order = new Map();
    const pages = shown.pages.map((start, number) => this.page(start, shown.pages[number + 1], number + 1));
    this.pane.replaceChildren(...pages);
    this.pane.classList.toggle("paged", pages.length > 1);
    this.pane.classList.toggle("long", shown.text.length > LONG);
    this.pane.scrollTop = 0;
    if (!shown.text) this.pane.append(element("p", "empty", "The report has no text of this document."));
    this.places = shown.leaves.filter((leaf) => leaf.startUnit !== undefined)
      .sort((a, b) => a.startUnit - b.startUnit || b.endUnit - a.endUnit || a.order - b.order);
    this.placeStarts = this.places.map((leaf) => leaf.startUnit);
    this.reach = [];
    let reach = 0;
    for (const leaf of this.places) this.reach.push(reach = Math.max(reach, leaf.endUnit));
    this.mark("selected", []);
    this.mark("gold", []);
    this.mark("hovered", []);
    this.markAll(shown.leaves);
  }

  page(start, nextStart, number) {
    const page = element("div", "page");
    page.dataset.page = `Page ${number}`;
    const end = nextStart === undefined ? this.text.length : nextStart - 1; // between them stands a form feed
    for (let from = start; from < end;) {
      const line = this.text.indexOf("\n", from + BLOCK);
      const to = line < 0 || line >= end ? end : line + 1;
      const node = document.createTextNode(this.text.slice(from, to));
      this.order.set(node, this.nodes.length);
      this.nodes.push(node);
      this.starts.push(from);
      page.append(element("div", "block", node));
      from = to;
    }
    return page;
  }

  /** Return the node and the offset in it of an offset of the text. */
  point(offset, atEnd) {
    const at = Math.max(0, countBelow(this.starts, atEnd ? offset : offset + 1) - 1);
    const node = this.nodes[at];
    return [node, Math.max(0, Math.min(offset - this.starts[at], node.length))];
  }

  ends(start, end) {
    const [startContainer, startOffset] = this.point(start, false);
    const [endContainer, endOffset] = this.point(end, true);
    return { startContainer, startOffset, endContainer, endOffset };
  }

  range(start, end) {
    const { startContainer, startOffset, endContainer, endOffset } = this.ends(start, end);
    const range = document.createRange();
    range.setStart(startContainer, startOffset);
    range.setEnd(endContainer, endOffset);
    return range;
  }

  /** Highlight places under a name that the style sheet knows; browsers without highlights select the text. */
  mark(name, spans, priority = 1) {
    if (!this.nodes.length) return;
    if (CSS.highlights) {
      const ranges = spans.map(([start, end]) => new StaticRange(this.ends(start, end)));
      const highlight = new Highlight(...ranges);
      highlight.priority = priority;
      CSS.highlights.set(name, highlight);
    } else if (name === "selected" && spans.length) {
      getSelection().removeAllRanges();
      getSelection().addRange(this.range(...spans[0]));
    }
  }

  markAll(leaves) {
    const byBand = Object.fromEntries(BANDS.map((band) => [band, []]));
    for (const leaf of leaves) {
      if (leaf.startUnit !== undefined) byBand[bandOf(leaf)].push([leaf.startUnit, leaf.endUnit]);
    }
    for (const [band, spans] of Object.entries(byBand)) this.mark(band, spans, 0);
  }

  /** Highlight a leaf and its gold value, and scroll to it. */
  select(leaf) {
    const place = leaf?.startUnit !== undefined ? [leaf.startUnit, leaf.endUnit] : null;
    const gold = leaf?.goldStartUnit !== undefined ? [leaf.goldStartUnit, leaf.goldEndUnit] : null;
    this.mark("hovered", []);
    this.mark("gold", gold ? [gold] : [], 3);
    this.mark("selected", place ? [place] : [], 4);
    if (place ?? gold) this.scrollTo(...(place ?? gold));
  }

  hover(leaf) {
    this.mark("hovered", leaf?.startUnit !== undefined ? [[leaf.startUnit, leaf.endUnit]] : [], 2);
  }

  scrollTo(start, end) {
    if (!this.nodes.length) return;
    const range = this.range(start, end);
    for (let round = 0; round < 3; round++) { // blocks get their true heights only when they come into view
      const place = range.getBoundingClientRect(), view = this.pane.getBoundingClientRect();
      const margin = Math.min(48, view.height / 4);
      if (place.top >= view.top + margin && place.bottom <= view.bottom - margin) return;
      const before = this.pane.scrollTop;
      this.pane.scrollTop += place.top - view.top - view.height / 3;
      if (this.pane.scrollTop === before) return;
    }
  }

  /** Return the leaves whose places are under a point of the screen, the shortest first. */
  leavesAt(x, y) {
    const caret = document.caretPositionFromPoint?.(x, y);
    const legacy = caret ? null : document.caretRangeFromPoint?.(x, y);
    const at = this.order.get(caret?.offsetNode ?? legacy?.startContainer);
    if (at === undefined) return [];
    const offset = this.starts[at] + (caret?.offset ?? legacy.startOffset);
    const hits = [];
    for (let i = countBelow(this.placeStarts, offset + 1) - 1; i >= 0 && this.reach[i] >= offset; i--) {
      const leaf = this.places[i];
      if (leaf.endUnit >= offset && this.covers(leaf, x, y)) hits.push(leaf);
    }
    return hits.sort((a, b) => (a.endUnit - a.startUnit) - (b.endUnit - b.startUnit) || a.order - b.order);
  }

  covers(leaf, x, y) {
    const boxes = this.range(leaf.startUnit, leaf.endUnit).getClientRects();
    return [...boxes].some((box) => x >= box.left && x <= box.right && y >= box.top && y <= box.bottom);
  }
}
