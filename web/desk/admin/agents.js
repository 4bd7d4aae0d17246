/** Accounts of those who work at the desk, and the groups that they are in. */

import { t } from "../texts.js";
import { ask } from "../ui/dialog.js";
import { button, chip, el } from "../ui/elements.js";
import { card, fill, table } from "../ui/page.js";
import { presenceMark } from "../ui/people.js";
import { done } from "../ui/toast.js";
import { AccountForm } from "./account-form.js";
import { groupsOf } from "./groups.js";

export class Agents {
  element;
  #desk;
  #accounts = el("div");
  #groups = el("div");
  #all = [];

  constructor(desk) {
    this.#desk = desk;
    const add = button(t.agents.add, () => this.#edit(null), { icon: "plus", kind: "primary" });
    this.element = el(
      "div",
      { class: "stack" },
      card(t.admin.parts.agents, [this.#accounts], { actions: [add] }),
      card(t.agents.groups, [el("p", { class: "muted" }, t.agents.groupsLead), this.#groups]),
    );
  }

  enter() {
    return fill(
      this.#accounts,
      () => this.#desk.api.get("agents"),
      ({ agents }) => {
        this.#all = agents;
        this.#groups.replaceChildren(groupList(agents));
        return [this.#table(agents)];
      },
    );
  }

  #table(agents) {
    return table(
      t.admin.parts.agents,
      [
        {
          head: t.agents.name,
          cell: ({ name, active }) =>
            el("span", {}, el("span", { class: "strong" }, name), active ? null : chip(t.agents.inactive, "warn")),
        },
        { head: t.agents.login, cell: ({ login }) => login },
        { head: t.agents.role, cell: ({ role }) => t.roles[role] },
        {
          head: t.agents.groups,
          cell: ({ groups }) =>
            groups.length ? el("span", { class: "chips" }, ...groups.map((name) => chip(name, "group"))) : "–",
        },
        { head: t.agents.presence, cell: ({ presence }) => presenceMark(presence) },
        { head: t.agents.seats, cell: ({ holding, seats }) => t.agents.holding(holding, seats), kind: "number" },
        {
          head: t.dead.act,
          cell: (agent) =>
            button(t.editOf(agent.name), () => this.#edit(agent), { icon: "edit", kind: "quiet", bare: true }),
        },
      ],
      agents,
    );
  }

  async #edit(agent) {
    const form = new AccountForm(agent, groupsOf(this.#all));
    const saved = await ask({
      title: agent ? t.agents.edit : t.agents.add,
      confirm: t.save,
      wide: true,
      content: form.content,
      submit: () => this.#save(agent, form.values),
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
  const members = (group) =>
    agents
      .filter((agent) => agent.groups.includes(group))
      .map(({ name }) => name)
      .join(", ");
  return el(
    "dl",
    { class: "group-list" },
    ...groups.flatMap((group) => [el("dt", {}, group), el("dd", {}, members(group))]),
  );
}
