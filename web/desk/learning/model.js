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

  show({ version, since, figures, previous, current }) {
    this.element.hidden = false;
    const facts = el("dl", { class: "facts" }, ...fact(t.model.version, el("code", {}, version.slice(0, 12))), ...fact(t.model.since, since ? dateTime(since) : "–"), ...(previous ? fact(t.model.previous, el("code", {}, previous.slice(0, 12))) : []));
    const back = previous && this.#desk.isAdmin ? button(t.model.back, () => this.#back(previous), { icon: "restore" }) : previous ? null : el("p", { class: "hint" }, t.model.noPrevious);
    this.#body.replaceChildren(...[facts, current ? null : el("p", { class: "problem" }, t.model.outdated), figures?.count ? outcomes(t.model.figures, figures) : null, back].filter(Boolean));
  }

  async #back(previous) {
    const sure = await ask({
      title: t.model.back, confirm: t.model.backConfirm, content: [el("p", {}, t.model.backText(previous.slice(0, 12)))],
      submit: () => this.#desk.api.post("learning/back", {}),
    });
    if (!sure) return;
    this.show(sure.model);
    done(t.model.backDone);
    this.#changed();
  }
}

function fact(name, value) {
  return [el("dt", {}, name), el("dd", {}, value)];
}
