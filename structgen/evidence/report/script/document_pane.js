const BLOCK = 2000; // characters of one block of text: only those near the view are laid out and highlighted
const LONG = 20_000, LINE_HEIGHT = 20.8;

/** Shows the text of a document, and the places of its leaves. */
class DocumentPane {
  constructor(pane) {
    this.pane = pane;
    this.visible = new Set();
    this.follower = new Follower(pane, ([start, end]) => this.scrollTo(start, end));
    this.observer = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) {
        if (isIntersecting) this.visible.add(target);
        else this.visible.delete(target);
      }
      this.markVisible();
    }, { root: pane, rootMargin: "300px 0px" });
  }

  show(shown) {
    this.text = shown.text;
    this.starts = [];
    this.nodes = [];
    this.order = new Map();
    this.observer.disconnect();
    this.visible.clear();
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
    CSS.highlights?.clear();
    const blocks = this.nodes.map((node) => node.parentElement);
    for (const block of blocks) this.observer.observe(block);
    this.follower.watch([this.pane, ...blocks]);
  }

  page(start, nextStart, number) {
    const page = element("div", "page");
    page.dataset.page = `Page ${number}`;
    const end = nextStart === undefined ? this.text.length : nextStart - 1; // between them stands a form feed
    for (let from = start; from < end;) {
      const line = this.text.indexOf("\n", from + BLOCK);
      const to = line < 0 || line >= end ? end : line + 1;
      const node = document.createTextNode(this.text.slice(from, to));
      const block = element("div", "block", node);
      const lines = node.data.split("\n").length - (line < 0 ? 0 : 1);
      block.style.containIntrinsicHeight = `auto ${lines * LINE_HEIGHT}px`;
      this.order.set(node, this.nodes.length);
      this.nodes.push(node);
      this.starts.push(from);
      page.append(block);
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
      if (spans.length) CSS.highlights.set(name, highlight);
      else CSS.highlights.delete(name);
    } else if (name === "selected" && spans.length) {
      getSelection().removeAllRanges();
      getSelection().addRange(this.range(...spans[0]));
    }
  }

  /** Highlight the places in the blocks near the view: thousands of highlights would cost each frame. */
  markVisible() {
    const byBand = Object.fromEntries(BANDS.map((band) => [band, []]));
    for (const block of this.visible) {
      const from = this.starts[this.order.get(block.firstChild)], to = from + block.firstChild.length;
      const last = countBelow(this.placeStarts, to);
      for (let at = countBelow(this.reach, from + 1); at < last; at++) {
        const leaf = this.places[at];
        if (leaf.endUnit > from) byBand[bandOf(leaf)].push([leaf.startUnit, leaf.endUnit]);
      }
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
    this.follower.follow(place ?? gold);
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
