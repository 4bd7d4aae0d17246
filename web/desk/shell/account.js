/** The agent's own menu: pause, notifications, language, password, and the way out. */

import { t } from "../texts.js";
import { ask } from "../ui/dialog.js";
import { button, choice, el, field, on, select, whileBusy } from "../ui/elements.js";
import { avatar } from "../ui/people.js";
import { done, Unfit } from "../ui/toast.js";

export class AccountMenu {
  element;
  #desk;
  #alerts;
  #opener = el("button", { type: "button", class: "account", popovertarget: "account-menu" });
  #menu = el("div", {
    class: "menu",
    id: "account-menu",
    popover: "auto",
    role: "region",
    "aria-label": t.account.menu,
  });
  #pause = choice(t.account.pause, { detail: t.account.pauseDetail });

  constructor(desk, alerts) {
    this.#desk = desk;
    this.#alerts = alerts;
    this.element = el("div", { class: "account-place" }, this.#opener, this.#menu);
    on(this.#pause, { change: ({ target }) => whileBusy(this.#pause, () => desk.change({ paused: target.checked })) });
    on(this.#menu, { beforetoggle: ({ newState }) => newState === "open" && this.#fill() });
    for (const kind of ["me", "lists"]) desk.on(kind, () => this.#show());
    this.#show();
  }

  #show() {
    const { agent } = this.#desk.me;
    const state = t.presence[agent.presence];
    this.#opener.replaceChildren(avatar(agent), el("span", { class: "hidden" }, t.account.opener(agent.name, state)));
    this.#opener.title = `${agent.name} (${state})`;
    this.#pause.querySelector("input").checked = agent.presence === "paused";
  }

  #fill() {
    const { agent } = this.#desk.me;
    const who = el(
      "div",
      { class: "who" },
      avatar(agent),
      el(
        "div",
        {},
        el("p", { class: "strong" }, agent.name),
        el("p", { class: "muted" }, `${agent.login} · ${t.roles[agent.role]}`),
      ),
    );
    const password = button(t.account.password, () => this.#changePassword(), { icon: "key", kind: "quiet" });
    const leave = button(t.account.signOut, () => this.#signOut(), { icon: "signOut", kind: "quiet" });
    this.#menu.replaceChildren(who, this.#pause, this.#notify(), this.#language(agent), password, leave);
  }

  #notify() {
    const { isPossible, isOn } = this.#alerts;
    const detail = isPossible ? t.account.notifyDetail : t.account.notifyDenied;
    const element = choice(t.account.notify, { checked: isOn, disabled: !isPossible, detail });
    return on(element, { change: async ({ target }) => (target.checked = await this.#alerts.turn(target.checked)) });
  }

  #language(agent) {
    const control = select(
      [
        ["de", "Deutsch"],
        ["en", "English"],
      ],
      agent.language,
    );
    const change = async () => {
      await this.#desk.change({ language: control.value });
      location.reload();
    };
    return field(t.account.language, on(control, { change: () => whileBusy(control, change) }), { kind: "inline" });
  }

  async #changePassword() {
    this.#menu.hidePopover();
    const [old, fresh] = ["current-password", "new-password"].map((autocomplete) =>
      el("input", { type: "password", autocomplete, required: true }),
    );
    const changed = await ask({
      title: t.account.password,
      confirm: t.save,
      content: [field(t.account.oldPassword, old), field(t.account.newPassword, fresh)],
      submit: () => this.#sendPassword({ old: old.value, new: fresh.value }),
    });
    if (changed) done(t.account.passwordChanged);
  }

  async #sendPassword(password) {
    try {
      await this.#desk.change({ password });
    } catch (error) {
      throw error.code === "wrong_password" ? new Unfit(t.account.oldWrong) : error;
    }
  }

  async #signOut() {
    await this.#desk.api.remove("session");
    this.#desk.live.stop();
    location.assign("/desk/sign-in");
  }
}
