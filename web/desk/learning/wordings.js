/** How questions are to be learnt, if not in the customers' own words. */

import { t } from "../texts.js";
import { el, field, on } from "../ui/elements.js";

export class Wordings {
  element;
  #input = el("textarea", { rows: "3" });
  #own = false;

  constructor() {
    const box = field(t.learning.wordings, this.#input, { hint: t.learning.wordingsHint });
    this.element = el("details", {}, el("summary", {}, t.learning.wordings), box);
    on(this.#input, { input: () => (this.#own = true) });
  }

  /** What the customers asked; what the editor has written stays. */
  show(texts) {
    if (this.#own) return;
    this.#input.value = texts.join("\n");
    this.#input.rows = Math.min(8, Math.max(2, texts.length));
  }

  /** @returns {string[] | null} null: in the customers' words */
  get changed() {
    if (!this.#own) return null;
    return this.#input.value
      .split("\n")
      .map((line) => line.trim())
      .filter(Boolean);
  }
}
