/** The notes of a conversation, gathered in the side panel. */

import { brief } from "../core/format.js";
import { t } from "../texts.js";
import { el, on, whileBusy } from "../ui/elements.js";
import { icon } from "../ui/icons.js";
import { Keyed } from "../ui/keyed.js";

export class NotesSection {
  element;
  #list = el("ul", { class: "notes" });
  #rows = new Keyed(this.#list, ({ id }) => id, makeNote);
  #none = el("p", { class: "muted" }, t.panel.noNotes);
  #input = el("textarea", { rows: "1", "aria-label": t.panel.addNote, placeholder: t.panel.addNote });
  #save = el("button", { type: "submit", class: "button plain" }, t.saveNote);

  /** @param {(text: string) => Promise} add */
  constructor(add) {
    const form = el("form", { class: "add-note" }, this.#input, this.#save);
    on(form, { submit: (event) => (event.preventDefault(), this.#submit(add)) });
    this.element = el(
      "section",
      { class: "panel-section" },
      el("h3", {}, icon("note"), t.panel.notes),
      this.#none,
      this.#list,
      form,
    );
  }

  show(notes) {
    this.#none.hidden = notes.length > 0;
    this.#rows.show(notes);
  }

  #submit(add) {
    const text = this.#input.value.trim();
    if (!text) return this.#input.focus();
    return whileBusy(this.#save, async () => {
      await add(text);
      this.#input.value = "";
    });
  }
}

function makeNote({ agent, at, text }) {
  const head = el(
    "p",
    { class: "head" },
    el("span", { class: "author" }, agent.name),
    el("time", { datetime: at }, brief(at)),
  );
  return { element: el("li", {}, head, el("p", { class: "plain" }, text)), show() {} };
}
