/** Canned replies: what agents insert again and again. */

import { t } from "../texts.js";
import { ask } from "../ui/dialog.js";
import { button, el, empty, field, on } from "../ui/elements.js";
import { card, fill } from "../ui/page.js";
import { done } from "../ui/toast.js";

const PLACEHOLDERS = ["kunde", "agent", "postfach", "auftrag"];

export class CannedReplies {
  element;
  #desk;
  #place = el("div");

  constructor(desk) {
    this.#desk = desk;
    const add = button(t.cannedAdmin.add, () => this.#edit(null), { icon: "plus", kind: "primary" });
    this.element = card(t.admin.parts.canned, [el("p", { class: "muted" }, t.cannedAdmin.lead), this.#place], {
      actions: [add],
    });
  }

  enter() {
    return fill(
      this.#place,
      () => this.#desk.api.get("canned"),
      ({ canned }) => [
        canned.length
          ? el("ul", { class: "canned-list" }, ...canned.map((one) => this.#item(one)))
          : empty(t.cannedAdmin.none, t.cannedAdmin.noneHint, "canned"),
      ],
    );
  }

  #item(one) {
    return el(
      "li",
      {},
      el("div", {}, el("h3", {}, one.title), el("p", { class: "plain" }, ...withPlaceholders(one.text))),
      button(t.editOf(one.title), () => this.#edit(one), { icon: "edit", kind: "quiet", bare: true }),
      button(t.removeOf(one.title), () => this.#remove(one), { icon: "trash", kind: "quiet", bare: true }),
    );
  }

  async #edit(one) {
    const title = el("input", { type: "text", required: true, maxlength: "120", value: one?.title });
    const text = el("textarea", { rows: "7", required: true }, one?.text ?? "");
    const saved = await ask({
      title: one ? t.cannedAdmin.edit : t.cannedAdmin.add,
      confirm: t.save,
      wide: true,
      content: [
        field(t.cannedAdmin.title, title),
        field(t.cannedAdmin.text, text, { hint: t.cannedAdmin.textHint }),
        inserters(text),
      ],
      submit: () => this.#save(one, { title: title.value.trim(), text: text.value.trim() }),
    });
    if (saved) await this.#changed(t.saved);
  }

  #save(one, values) {
    const { api } = this.#desk;
    return one ? api.put(`canned/${one.id}`, values) : api.post("canned", values);
  }

  async #remove(one) {
    const content = [el("p", {}, t.cannedAdmin.removeText(one.title))];
    const removed = await ask({
      title: t.cannedAdmin.remove,
      confirm: t.remove,
      danger: true,
      content,
      submit: () => this.#desk.api.remove(`canned/${one.id}`),
    });
    if (removed) await this.#changed(t.removed);
  }

  async #changed(text) {
    done(text);
    await this.enter();
  }
}

function inserters(text) {
  const insert = (name) => {
    text.setRangeText(`{${name}}`, text.selectionStart, text.selectionEnd, "end");
    text.focus();
  };
  const buttons = PLACEHOLDERS.map((name) =>
    on(
      el(
        "button",
        { type: "button", class: "button plain small", title: t.cannedAdmin.placeholders[name] },
        `{${name}}`,
      ),
      { click: () => insert(name) },
    ),
  );
  return el("div", { class: "inserters", role: "group", "aria-label": t.cannedAdmin.insert }, ...buttons);
}

function withPlaceholders(text) {
  return text.split(/(\{\p{L}+\})/u).map((part, at) => (at % 2 ? el("span", { class: "placeholder" }, part) : part));
}
