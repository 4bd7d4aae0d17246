/** Which model answers at the moment, how good it is, and the way back to the one before. */

import { dateTime } from "../core/format.js";
import { t } from "../texts.js";
import { ask } from "../ui/dialog.js";
import { button, el } from "../ui/elements.js";
import { card } from "../ui/page.js";
import { done } from "../ui/toast.js";
import { outcomes } from "./comparison.js";

export class ModelBox {
  element;
  #desk;
  #changed;
  #body = el("div", { class: "model" });

  /** @param {() => void} changed called when another model answers */
  constructor(desk, changed) {
    this.#desk = desk;
    this.#changed = changed;
    this.element = card(t.model.title, [this.#body]);
    this.element.hidden = true;
  }

  show(model) {
    const { figures, previous, current } = model;
    this.element.hidden = false;
    const parts = [
      facts(model),
      current ? null : el("p", { class: "problem" }, t.model.outdated),
      figures?.count ? outcomes(t.model.figures, figures) : null,
      previous ? this.#wayBack(previous) : el("p", { class: "hint" }, t.model.noPrevious),
    ];
    this.#body.replaceChildren(...parts.filter(Boolean));
  }

  #wayBack(previous) {
    if (!this.#desk.isAdmin) return null;
    return button(t.model.back, () => this.#back(previous), { icon: "restore" });
  }

  async #back(previous) {
    const sure = await ask({
      title: t.model.back,
      confirm: t.model.backConfirm,
      content: [el("p", {}, t.model.backText(previous.slice(0, 12)))],
      submit: () => this.#desk.api.post("learning/back", {}),
    });
    if (!sure) return;
    this.show(sure.model);
    done(t.model.backDone);
    this.#changed();
  }
}

function facts({ version, since, previous }) {
  return el(
    "dl",
    { class: "facts" },
    ...fact(t.model.version, el("code", {}, version.slice(0, 12))),
    ...fact(t.model.since, since ? dateTime(since) : "–"),
    ...(previous ? fact(t.model.previous, el("code", {}, previous.slice(0, 12))) : []),
  );
}

function fact(name, value) {
  return [el("dt", {}, name), el("dd", {}, value)];
}
