/** Accounts of those who work at the desk, and the groups that they are in. */

import { t } from "../texts.js";
import { ask } from "../ui/dialog.js";
import { button, chip, choice, el, field, select } from "../ui/elements.js";
import { card, fill, table } from "../ui/page.js";
import { presenceMark } from "../ui/people.js";
import { done } from "../ui/toast.js";
import { GroupField, groupsOf } from "./groups.js";

export class Agents {
  element;
  #desk;
  #accounts = el("div");
  #groups = el("div");
  #all = [];

  constructor(desk) {
    this.#desk = desk;
    const add = button(t.agents.add, () => this.#edit(null), { icon: "plus", kind: "primary" });
    this.element = el("div", { class: "stack" }, card(t.admin.parts.agents, [this.#accounts], { actions: [add] }), card(t.agents.groups, [el("p", { class: "muted" }, t.agents.groupsLead), this.#groups]));
  }

  enter() {
    return fill(this.#accounts, () => this.#desk.api.get("agents"), ({ agents }) => {
      this.#all = agents;
      this.#groups.replaceChildren(groupList(agents));
      return [this.#table(agents)];
    });
  }

  #table(agents) {
    return table(t.admin.parts.agents, [
      { head: t.agents.name, cell: ({ name, active }) => el("span", {}, el("span", { class: "strong" }, name), active ? null : chip(t.agents.inactive, "warn")) },
      { head: t.agents.login, cell: ({ login }) => login },
      { head: t.agents.role, cell: ({ role }) => t.roles[role] },
      { head: t.agents.groups, cell: ({ groups }) => (groups.length ? el("span", { class: "chips" }, ...groups.map((name) => chip(name, "group"))) : "–") },
      { head: t.agents.presence, cell: ({ presence }) => presenceMark(presence) },
      { head: t.agents.seats, cell: ({ holding, seats }) => t.agents.holding(holding, seats), kind: "number" },
      { head: t.dead.act, cell: (agent) => button(t.editOf(agent.name), () => this.#edit(agent), { icon: "edit", kind: "quiet", bare: true }) },
    ], agents);
  }

  async #edit(agent) {
    const login = el("input", { type: "email", required: true, value: agent?.login, autocomplete: "off" });
    const name = el("input", { type: "text", required: true, value: agent?.name, autocomplete: "off" });
    const role = select(Object.entries(t.roles), agent?.role ?? "agent");
    const seats = el("input", { type: "number", min: "1", max: "99", required: true, value: String(agent?.seats ?? 4) });
    const password = el("input", { type: "password", autocomplete: "new-password" });
    const active = choice(t.agents.active, { checked: agent?.active ?? true, detail: t.agents.activeHint });
    const groups = new GroupField(groupsOf(this.#all), agent?.groups ?? []);
    const saved = await ask({
      title: agent ? t.agents.edit : t.agents.add, confirm: t.save, wide: true,
      content: [
        el("div", { class: "pair" }, field(t.agents.name, name, { hint: t.agents.nameHint }), field(t.agents.login, login, { hint: t.agents.loginHint })),
        el("div", { class: "pair" }, field(t.agents.role, role, { hint: t.agents.roleHint }), field(t.agents.seats, seats, { hint: t.agents.seatsHint })),
        groups.element, field(agent ? t.agents.newPassword : t.agents.password, password, { hint: t.agents.passwordHint }), active,
      ],
      submit: () => this.#save(agent, {
        login: login.value.trim(), name: name.value.trim(), role: role.value, groups: groups.chosen, seats: Number(seats.value),
        active: active.querySelector("input").checked, ...(password.value && { password: password.value }),
      }),
    });
    if (!saved) return;
    done(t.saved);
    await this.enter();
  }

  #save(agent, values) {
    const { api } = this.#desk;
    return agent ? api.put(`agents/${agent.id}`, values) : api.post("agents", values);
  }
}

function groupList(agents) {
  const groups = groupsOf(agents);
  if (!groups.length) return el("p", { class: "muted" }, t.agents.noGroups);
  const members = (group) => agents.filter((agent) => agent.groups.includes(group)).map(({ name }) => name).join(", ");
  return el("dl", { class: "group-list" }, ...groups.flatMap((group) => [el("dt", {}, group), el("dd", {}, members(group))]));
}
