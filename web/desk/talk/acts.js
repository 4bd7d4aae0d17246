/** What an agent does with a conversation as a whole: take it, hand it on, close it. */

import { t } from "../texts.js";
import { ask } from "../ui/dialog.js";
import { button, choice, el, field, whileBusy } from "../ui/elements.js";
import { presenceMark } from "../ui/people.js";
import { done } from "../ui/toast.js";

const LOOKS = {
  claim: { icon: "next", kind: "primary", keys: "Alt+U" },
  transfer: { icon: "transfer", keys: "Alt+T" },
  giveBack: { icon: "bot", keys: "Alt+B" },
  close: { icon: "done", keys: "Alt+S" },
};

export class Acts {
  #desk;
  #current;
  #changed;
  #claim;

  /** @param {{current: () => object, changed: (one: object) => void, claim: () => Promise}} conversation `changed` gets the case as it is now */
  constructor(desk, { current, changed, claim }) {
    this.#desk = desk;
    this.#current = current;
    this.#changed = changed;
    this.#claim = claim;
  }

  /** Names of what may be done with it now. */
  possible(one) {
    if (this.#desk.holds(one)) return ["transfer", "giveBack", "close"];
    return one.holder === "agent" || one.holder === "closed" ? [] : ["claim"];
  }

  button(name) {
    return button(t.acts[name], () => this.#act(name), LOOKS[name]);
  }

  /** By a shortcut; what is not possible now does nothing. */
  run(name) {
    if (this.possible(this.#current()).includes(name)) whileBusy(document.body, () => this.#act(name));
  }

  #act(name) {
    const acts = {
      claim: this.#claim,
      transfer: () => this.#transfer(),
      giveBack: () => this.#giveBack(),
      close: () => this.#close(),
    };
    return acts[name]();
  }

  async #transfer() {
    const { agent } = this.#desk.me;
    const colleagues = this.#desk.colleagues.filter(({ id, active }) => id !== agent.id && active);
    const groups = [...new Set(this.#desk.colleagues.flatMap((one) => one.groups))].sort();
    const note = el("textarea", { rows: "2" });
    const to = await ask({
      title: t.transfer.title,
      confirm: t.transfer.confirm,
      content: [
        receivers(t.transfer.colleagues, colleagues.map(colleague)),
        receivers(t.transfer.groups, groups.map(group)),
        field(t.transfer.note, note),
      ],
      submit: async (form) => {
        const [kind, id] = new FormData(form).get("to").split(/:(.*)/);
        if (note.value.trim()) await this.#post("notes", { text: note.value.trim() });
        const name = kind === "agent" ? colleagues.find((one) => one.id === Number(id)).name : id;
        const one = await this.#post("transfer", kind === "agent" ? { agent: Number(id) } : { group: id });
        return { name, one };
      },
    });
    if (to) this.#finish(to.one, t.transfer.done(to.name));
  }

  async #giveBack() {
    const content = [el("p", {}, t.giveBack.text)];
    const one = await ask({
      title: t.giveBack.title,
      confirm: t.giveBack.confirm,
      content,
      submit: () => this.#post("return", {}),
    });
    if (one) this.#finish(one, t.giveBack.done);
  }

  async #close() {
    const reasons = this.#desk.me.closing_reasons.map((reason, at) =>
      choice(reason, { type: "radio", name: "reason", value: reason, checked: at === 0 }),
    );
    const one = await ask({
      title: t.closing.title,
      confirm: t.closing.confirm,
      content: [
        el("fieldset", { class: "choices" }, el("legend", {}, t.closing.reason), ...reasons),
        el("p", { class: "hint" }, t.closing.hint),
      ],
      submit: (form) => this.#post("close", { reason: new FormData(form).get("reason") }),
    });
    if (one) this.#finish(one, t.closing.done);
  }

  #post(what, body) {
    return this.#desk.api.post(`conversations/${this.#current().conversation}/${what}`, body);
  }

  #finish(one, text) {
    done(text);
    this.#changed(one);
  }
}

function receivers(title, choices) {
  return choices.length ? el("fieldset", { class: "choices receivers" }, el("legend", {}, title), ...choices) : null;
}

function colleague({ id, name, presence, holding, seats, groups }) {
  const detail = el(
    "span",
    { class: "receiver" },
    presenceMark(presence),
    el("span", {}, t.transfer.seats(holding, seats)),
    groups.length ? el("span", {}, groups.join(", ")) : null,
  );
  return choice(name, {
    type: "radio",
    name: "to",
    value: `agent:${id}`,
    required: true,
    disabled: presence === "offline",
    detail,
  });
}

function group(name) {
  return choice(name, { type: "radio", name: "to", value: `group:${name}`, required: true });
}
