/** A button and the menu that it opens: https://www.w3.org/WAI/ARIA/apg/patterns/menu-button/ */

import { el, icon } from "./dom.js";

export class Menu {
  element;
  #button;
  #list;
  #shown = "";

  constructor(texts) {
    this.#button = el(
      "button", {
        // Safari gives the focus to a pressed button only when it has a tabindex.
        class: "tool", type: "button", tabindex: "0", "aria-label": texts.menu, title: texts.menu, "aria-haspopup": "menu", "aria-expanded": "false",
      },
      icon("more"),
    );
    this.#list = el("div", { class: "menu", role: "menu", "aria-label": texts.menu, hidden: true });
    this.element = el("div", { class: "menus", hidden: true }, this.#button, this.#list);
    this.#button.addEventListener("click", () => (this.#list.hidden ? this.#open() : this.#close()));
    this.element.addEventListener("keydown", (event) => this.#key(event));
    this.element.addEventListener("focusout", ({ relatedTarget }) => this.element.contains(relatedTarget) || this.#close());
  }

  /** @param {{key: string, title: string, act: () => void}[]} items without any, there is no button either */
  show(items) {
    const keys = items.map(({ key, title }) => `${key} ${title}`).join("\n");
    if (this.#shown === keys) return; // an open menu stays as it is
    this.#shown = keys;
    this.#close();
    this.element.hidden = items.length === 0;
    this.#list.replaceChildren(...items.map((item) => this.#item(item)));
  }

  #item({ title, act }) {
    const item = el("button", { type: "button", role: "menuitem", tabindex: "-1" }, title);
    item.addEventListener("click", () => {
      this.#close();
      this.#button.focus();
      act();
    });
    return item;
  }

  #open(at = 0) {
    this.#list.hidden = false;
    this.#button.setAttribute("aria-expanded", "true");
    this.#list.children[at]?.focus();
  }

  #close() {
    this.#list.hidden = true;
    this.#button.setAttribute("aria-expanded", "false");
  }

  #key(event) {
    if (this.#list.hidden) {
      if (event.key === "ArrowDown") this.#take(event, () => this.#open());
      return;
    }
    const items = [...this.#list.children];
    const at = items.findIndex((item) => item.matches(":focus"));
    const moves = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 };
    if (event.key in moves) this.#take(event, () => items.at(moves[event.key] % items.length).focus());
    if (event.key === "Escape") this.#take(event, () => (this.#close(), this.#button.focus()));
  }

  /** The key is ours: it neither scrolls the page nor closes the panel. */
  #take(event, act) {
    event.preventDefault();
    event.stopPropagation();
    act();
  }
}
