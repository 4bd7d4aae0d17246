/** Three answers of the FAQ for the customer's last question, one key each. */

import { recall, remember } from "/widget/store.js";
import { percent } from "../core/format.js";
import { t } from "../texts.js";
import { el, keycaps, on } from "../ui/elements.js";
import { icon } from "../ui/icons.js";

/** Below, a number says nothing. */
const LEAST = 0.01;

export class Suggestions {
  element;
  #desk;
  #take;
  #id = null;
  #shown = [];
  #list = el("ol", { class: "suggestion-list", id: "suggestion-list" });
  #toggle = el(
    "button",
    { type: "button", class: "suggestion-toggle", "aria-controls": "suggestion-list" },
    icon("down"),
    t.suggestions,
  );

  /** @param {(text: string) => void} take gets the answer that was chosen, as Markdown */
  constructor(desk, take) {
    this.#desk = desk;
    this.#take = take;
    this.element = el(
      "section",
      { class: "suggestions", "aria-label": t.suggestions, hidden: true },
      this.#toggle,
      this.#list,
    );
    on(this.#toggle, { click: () => this.#fold(!this.#list.hidden) });
    this.#fold(recall("desk:folded:suggestions", false));
  }

  open(id) {
    this.#id = id;
    this.#show([]);
  }

  /** Asks anew. They are a help: without them the agent writes on, so a failure is only logged. */
  async load() {
    const id = this.#id;
    try {
      const { suggestions } = await this.#desk.api.get(`conversations/${id}/suggestions`);
      if (id === this.#id) this.#show(suggestions);
    } catch (error) {
      console.warn("Postbote: no suggestions.", error);
    }
  }

  /** @param {number} place 1 to 3 */
  take(place) {
    const chosen = this.#shown[place - 1];
    if (chosen) this.#take(chosen.text);
  }

  #show(suggestions) {
    this.#shown = suggestions.slice(0, 3);
    this.element.classList.toggle("none", this.#shown.length === 0);
    this.#list.replaceChildren(...this.#shown.map((one, at) => el("li", {}, this.#button(one, at + 1))));
  }

  #button({ title, text, confidence }, place) {
    const element = el(
      "button",
      { type: "button", class: "suggestion", title: text, "aria-keyshortcuts": `Alt+${place}` },
      keycaps(`Alt+${place}`),
      el("span", { class: "suggestion-title" }, title),
      el("span", { class: "sure" }, confidence >= LEAST ? percent(confidence) : ""),
    );
    return on(element, { click: () => this.take(place) });
  }

  #fold(folded) {
    this.#list.hidden = folded;
    this.#toggle.setAttribute("aria-expanded", String(!folded));
    remember("desk:folded:suggestions", folded);
  }
}
