/** The groups of an account: those that there are, and room for a new one. */

import { t } from "../texts.js";
import { choice, el, on } from "../ui/elements.js";

export function groupsOf(agents) {
  return [...new Set(agents.flatMap(({ groups }) => groups))].sort((one, other) => one.localeCompare(other));
}

export class GroupField {
  element;
  #list = el("div", { class: "group-choices" });
  #input = el("input", {
    type: "text",
    "aria-label": t.agents.newGroup,
    placeholder: t.agents.newGroup,
    maxlength: "64",
    autocomplete: "off",
  });

  constructor(groups, chosen) {
    const add = on(el("button", { type: "button", class: "button plain" }, t.agents.addGroup), {
      click: () => this.#add(),
    });
    on(this.#input, {
      keydown: (event) => event.key === "Enter" && !event.isComposing && (event.preventDefault(), this.#add()),
    });
    for (const name of groups) this.#show(name, chosen.includes(name));
    this.element = el(
      "fieldset",
      { class: "choices" },
      el("legend", {}, t.agents.groups),
      this.#list,
      el("div", { class: "with-button" }, this.#input, add),
    );
  }

  get chosen() {
    return [...this.#list.querySelectorAll("input:checked")].map(({ value }) => value);
  }

  #add() {
    const name = this.#input.value.trim();
    const known = [...this.#list.querySelectorAll("input")].find(({ value }) => value === name);
    if (known) known.checked = true;
    else if (name) this.#show(name, true);
    this.#input.value = "";
    this.#input.focus();
  }

  #show(name, checked) {
    this.#list.append(choice(name, { value: name, checked }));
  }
}
