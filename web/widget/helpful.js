/** Under an answer: whether it helped. */

import { el, icon } from "./dom.js";

export class Helpful {
  element;
  #texts;
  #line;
  #buttons;

  /** @param {(up: boolean) => void} rate */
  constructor(texts, rate) {
    this.#texts = texts;
    this.#line = el("span", { role: "status" }, texts.helpful.question);
    this.#buttons = [true, false].map((up) => this.#thumb(up, rate));
    // Not read out with each answer; the thanks are a status of their own.
    this.element = el("div", { class: "helpful", role: "group", "aria-label": texts.helpful.question, "aria-live": "off" }, this.#line, ...this.#buttons);
  }

  /** @param {boolean | undefined} up what the customer has chosen, if they have */
  mark(up) {
    const line = up === undefined ? this.#texts.helpful.question : this.#texts.helpful.thanks;
    if (this.#line.textContent !== line) this.#line.textContent = line;
    this.#buttons.forEach((button, at) => button.setAttribute("aria-pressed", String(up === (at === 0))));
  }

  #thumb(up, rate) {
    const label = this.#texts.helpful[up ? "yes" : "no"];
    const button = el("button", { type: "button", class: up ? "thumb" : "thumb down", "aria-label": label, title: label }, icon("helped"));
    button.addEventListener("click", () => rate(up));
    return button;
  }
}
