/** The fields of an account. */

import { t } from "../texts.js";
import { choice, el, field, select } from "../ui/elements.js";
import { GroupField } from "./groups.js";

const NEW = { login: "", name: "", role: "agent", seats: 4, active: true, groups: [] };

export class AccountForm {
  content;
  #fields;
  #active;
  #groups;

  /**
   * @param {object | null} agent null: a new one
   * @param {string[]} groups those that there are
   */
  constructor(agent, groups) {
    const { login, name, role, seats, active, groups: own } = agent ?? NEW;
    this.#fields = {
      login: el("input", { type: "email", required: true, value: login, autocomplete: "off" }),
      name: el("input", { type: "text", required: true, value: name, autocomplete: "off" }),
      role: select(Object.entries(t.roles), role),
      seats: el("input", { type: "number", min: "1", max: "99", required: true, value: String(seats) }),
      password: el("input", { type: "password", autocomplete: "new-password" }),
    };
    this.#active = choice(t.agents.active, { checked: active, detail: t.agents.activeHint });
    this.#groups = new GroupField(groups, own);
    this.content = this.#layout(agent ? t.agents.newPassword : t.agents.password);
  }

  /** As the server takes them; without a password the old one stays. */
  get values() {
    const { login, name, role, seats, password } = this.#fields;
    return {
      login: login.value.trim(),
      name: name.value.trim(),
      role: role.value,
      groups: this.#groups.chosen,
      seats: Number(seats.value),
      active: this.#active.querySelector("input").checked,
      ...(password.value && { password: password.value }),
    };
  }

  #layout(passwordLabel) {
    const { password } = this.#fields;
    const row = (...names) =>
      el(
        "div",
        { class: "pair" },
        ...names.map((name) => field(t.agents[name], this.#fields[name], { hint: t.agents[`${name}Hint`] })),
      );
    return [
      row("name", "login"),
      row("role", "seats"),
      this.#groups.element,
      field(passwordLabel, password, { hint: t.agents.passwordHint }),
      this.#active,
    ];
  }
}
