/** Keeps a place in view while parts of its pane get their true heights, until the user scrolls. */
class Follower {
  constructor(pane, scrollTo) {
    this.scrollTo = scrollTo;
    this.target = null;
    const stop = () => { this.target = null; };
    for (const name of ["wheel", "touchmove", "pointerdown"]) pane.addEventListener(name, stop, { passive: true });
    pane.addEventListener("keydown", (event) => { if (event.key === " ") stop(); });
    this.observer = new ResizeObserver(() => { if (this.target) this.scrollTo(this.target); });
  }

  /** Observe the heights of other parts, and follow nothing. */
  watch(parts) {
    this.target = null;
    this.observer.disconnect();
    for (const part of parts) this.observer.observe(part);
  }

  follow(target) {
    this.target = target;
    if (target) this.scrollTo(target);
  }
}
