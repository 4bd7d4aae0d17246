/** The popup with canned replies: search, choose, placeholders filled in. */

import { t } from "../texts.js";
import { el } from "../ui/elements.js";
import { Picker } from "../ui/picker.js";
import { failed } from "../ui/toast.js";

export class CannedPopup {
  element;
  #desk;
  #values;
  #left;
  #picker;

  /** @param {{choose: (text: string) => void, left: () => void, values: () => Record<string, string | null>}} doers */
  constructor(desk, { choose, left, values }) {
    this.#desk = desk;
    this.#values = values;
    this.#left = left;
    this.#picker = new Picker({
      label: t.canned.label,
      placeholder: t.canned.search,
      none: t.canned.none,
      chosen: ({ text }) => (this.close(), choose(text)),
      left: (back) => this.#leave(back),
    });
    this.element = el(
      "div",
      { class: "popup canned-popup", hidden: true },
      this.#picker.element,
      el("p", { class: "keys-hint" }, t.canned.keys),
    );
  }

  async open() {
    if (!this.element.hidden) return this.#leave(true);
    try {
      const { canned } = await this.#desk.api.get("canned");
      const values = this.#values();
      this.element.hidden = false;
      this.#picker.show(canned.map((one) => itemOf(one, values)));
      this.#picker.focus();
    } catch (error) {
      failed(error);
    }
  }

  close() {
    this.element.hidden = true;
  }

  #leave(back) {
    if (this.element.hidden) return;
    this.close();
    if (back) this.#left();
  }
}

function itemOf({ id, title, text }, values) {
  const filled = fill(text, values);
  return { id: String(id), title, detail: filled, text: filled };
}

/** What is not known stays a placeholder, for the agent to see. */
export function fill(text, values) {
  return text.replace(/\{(\p{L}+)\}/gu, (placeholder, name) => values[name.toLowerCase()] ?? placeholder);
}
