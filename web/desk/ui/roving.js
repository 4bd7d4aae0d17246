/** One tab stop for many items; the arrows move among them. */

const STEPS = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity };

export class Roving {
  #root;
  #selector;

  /** @param {string} selector of the items within the root; the selected one has aria-current="true" */
  constructor(root, selector) {
    this.#root = root;
    this.#selector = selector;
    root.addEventListener("keydown", (event) => this.#key(event));
    root.addEventListener("focusin", (event) => event.target.matches(selector) && this.settle(event.target));
  }

  /** Makes one item the tab stop: the given one, else the focused, the selected, the former, or the first. */
  settle(item) {
    const items = this.#items;
    const kinds = [isFocused, isSelected, (other) => other.tabIndex === 0, () => true];
    const stop = item ?? kinds.map((kind) => items.find(kind)).find(Boolean);
    for (const other of items) other.tabIndex = other === stop ? 0 : -1;
  }

  /** The item so many places from the selected one. */
  beside(step) {
    const items = this.#items;
    return items[bounded(items.findIndex(isSelected) + step, items)];
  }

  get #items() {
    return [...this.#root.querySelectorAll(this.#selector)].filter((item) => item.checkVisibility());
  }

  #key(event) {
    const step = STEPS[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey || !event.target.matches(this.#selector)) return;
    event.preventDefault();
    const items = this.#items;
    items[bounded(items.indexOf(event.target) + step, items)].focus();
  }
}

function bounded(at, items) {
  return Math.min(Math.max(at, 0), items.length - 1);
}

function isSelected(item) {
  return item.getAttribute("aria-current") === "true";
}

function isFocused(item) {
  return item === document.activeElement;
}
