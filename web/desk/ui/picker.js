/** A search field over a list to choose from: an ARIA combobox with its listbox. */

import { el, on } from "./elements.js";

let pickers = 0;

export class Picker {
  element;
  #id = `picker-${++pickers}`;
  #input;
  #list;
  #none;
  #chosen;
  #left;
  #items = [];
  #found = [];
  #active = 0;

  /**
   * @param {{label: string, placeholder: string, none: string, chosen: (item: object) => void, left: () => void}} options
   *   `none` is said when nothing fits; `left` is called on Escape and when the focus goes elsewhere
   */
  constructor({ label, placeholder, none, chosen, left }) {
    this.#chosen = chosen;
    this.#left = left;
    this.#list = el("ul", { role: "listbox", id: `${this.#id}-list`, "aria-label": label });
    this.#none = el("p", { class: "none", role: "status" });
    this.#none.dataset.text = none;
    this.#input = el("input", {
      type: "text",
      role: "combobox",
      "aria-label": label,
      placeholder,
      autocomplete: "off",
      spellcheck: "false",
      "aria-expanded": "true",
      "aria-controls": this.#list.id,
      "aria-autocomplete": "list",
    });
    this.element = el("div", { class: "picker" }, this.#input, this.#none, this.#list);
    on(this.#input, { input: () => this.#filter(), keydown: (event) => this.#key(event) });
    on(this.element, {
      focusout: ({ relatedTarget }) => relatedTarget && !this.element.contains(relatedTarget) && left(false),
    });
  }

  /** @param {{id: string, title: string, detail?: string, mark?: string}[]} items in the order in which they are offered */
  show(items) {
    this.#items = items;
    this.#input.value = "";
    this.#filter();
  }

  focus() {
    this.#input.focus();
  }

  #filter() {
    const words = folded(this.#input.value).split(/\s+/).filter(Boolean);
    this.#found = this.#items.filter(({ title, detail = "" }) =>
      words.every((word) => folded(`${title} ${detail}`).includes(word)),
    );
    this.#list.replaceChildren(...this.#found.map((item, at) => this.#option(item, at)));
    this.#list.hidden = this.#found.length === 0;
    this.#none.textContent = this.#found.length ? "" : this.#none.dataset.text;
    this.#activate(0);
  }

  #option(item, at) {
    const detail = item.detail ? el("span", { class: "detail" }, item.detail) : null;
    const mark = item.mark ? el("span", { class: "mark" }, item.mark) : null;
    const option = el(
      "li",
      { role: "option", id: `${this.#id}-${at}`, "aria-selected": "false" },
      el("span", { class: "title" }, item.title),
      mark,
      detail,
    );
    // Before the field loses the focus.
    return on(option, { pointerdown: (event) => (event.preventDefault(), this.#chosen(item)) });
  }

  #activate(at) {
    this.#list.children[this.#active]?.setAttribute("aria-selected", "false");
    this.#active = at;
    const option = this.#list.children[at];
    if (!option) return this.#input.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    this.#input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  #key(event) {
    const count = this.#found.length;
    const acts = {
      ArrowDown: () => this.#activate((this.#active + 1) % count),
      ArrowUp: () => this.#activate((this.#active + count - 1) % count),
      Enter: () => count && this.#chosen(this.#found[this.#active]),
      Escape: () => this.#left(true),
      Backspace: () => this.#left(true),
    };
    if (!acts[event.key] || event.isComposing || (event.key === "Backspace" && this.#input.value)) return;
    event.preventDefault();
    event.stopPropagation();
    if (count || !event.key.startsWith("Arrow")) acts[event.key]();
  }
}

/** Without case and marks: `uber` finds `Über`. */
function folded(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
