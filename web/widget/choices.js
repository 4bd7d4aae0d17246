/** The buttons under the last message; five of them that are stars stand in one row. */

import { el, icon } from "./dom.js";

const STARS = /^★\s*([1-5])$/;

export class Choices {
  element;
  #texts;
  #choose;
  #shown = "";

  /** @param {(button: {id: string, title: string}) => void} choose */
  constructor(texts, choose) {
    this.#texts = texts;
    this.#choose = choose;
    this.element = el("div", { class: "choices", role: "group", "aria-label": texts.choices });
  }

  /** @returns {boolean} whether these are others than before */
  show(buttons) {
    const ids = buttons.map(({ id }) => id).join(" ");
    if (this.#shown === ids) return false;
    this.#shown = ids;
    const stars = buttons.filter(({ title }) => STARS.test(title));
    const others = buttons.filter((button) => !stars.includes(button));
    this.element.replaceChildren(...others.map((button) => this.#button(button, { class: "choice" }, button.title)));
    if (stars.length) this.element.prepend(el("div", { class: "stars" }, ...stars.map((button) => this.#star(button))));
    return true;
  }

  #star(button) {
    const [, count] = STARS.exec(button.title);
    const label = this.#texts.stars(Number(count));
    return this.#button(button, { class: "choice star", "aria-label": label, title: label }, icon("star"), count);
  }

  #button(button, attributes, ...content) {
    const element = el("button", { type: "button", ...attributes }, ...content);
    element.addEventListener("click", () => this.#choose(button));
    return element;
  }
}
