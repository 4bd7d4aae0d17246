/** The dots while somebody writes an answer, and who it is. */

import { el, hidden } from "./dom.js";

export class Typing {
  element;
  #texts;
  #who = el("span", { class: "who" });

  constructor(texts) {
    this.#texts = texts;
    const dots = el("span", { class: "dots bubble", "aria-hidden": "true" }, el("i"), el("i"), el("i"));
    this.element = el("div", { class: "typing", "aria-live": "off", hidden: true }, dots, this.#who);
  }

  /** @param {string | null} agent who writes; null is the bot, of whom the dots say enough */
  show(on, agent) {
    this.element.hidden = !on;
    this.element.classList.toggle("agent", Boolean(agent));
    this.#who.replaceChildren(agent ? this.#texts.writes(agent) : hidden(this.#texts.typing));
  }
}
