/** Which of the agents' messages the customer has before their eyes. */

/** A line's height at the log's lower edge does not count yet. */
const MARGIN = "0px 0px -24px 0px";

export class Reading {
  #observer;
  #read;
  #seqs = new WeakMap();
  #inView = new Set();

  /**
   * @param {Element} log the element that scrolls; while the panel is closed nothing in it is in view
   * @param {(seq: number) => void} read gets the highest number in view, maybe again
   */
  constructor(log, read) {
    this.#read = read;
    this.#observer = new IntersectionObserver((entries) => this.#look(entries), { root: log, rootMargin: MARGIN });
    document.addEventListener("visibilitychange", () => this.#tell());
  }

  watch(element, seq) {
    this.#seqs.set(element, seq);
    this.#observer.observe(element);
  }

  forget(element) {
    this.#observer.unobserve(element);
    this.#inView.delete(this.#seqs.get(element));
  }

  #look(entries) {
    for (const { target, isIntersecting } of entries) this.#inView[isIntersecting ? "add" : "delete"](this.#seqs.get(target));
    this.#tell();
  }

  #tell() {
    if (!document.hidden && this.#inView.size) this.#read(Math.max(...this.#inView));
  }
}
