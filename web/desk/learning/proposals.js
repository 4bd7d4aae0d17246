/** Changes that agents propose, for an admin to take or to dismiss. */

import { brief } from "../core/format.js";
import { t } from "../texts.js";
import { button, chip, el } from "../ui/elements.js";
import { card } from "../ui/page.js";

export class Proposals {
  element;
  #desk;
  #basket;
  #changed;
  #list = el("ul", { class: "basket-list" });

  /** @param {() => void} changed called when one was dismissed */
  constructor(desk, basket, changed) {
    this.#desk = desk;
    this.#basket = basket;
    this.#changed = changed;
    this.element = card(t.proposals.title, [this.#list]);
    this.element.hidden = true;
  }

  /** Those that are not in the basket already. */
  show(proposals, entries) {
    const left = proposals.filter(({ change }) => !change.messages.some((message) => this.#basket.has(message)));
    this.element.hidden = left.length === 0;
    this.#list.replaceChildren(...left.map((proposal) => this.#item(proposal, entries)));
  }

  #item({ id, change, agent, at }, entries) {
    const what = wordsOf(change, entries);
    const acts = [
      button(t.proposals.take, () => this.#basket.add(change, { question: t.proposals.by(agent, brief(at)), what }), {
        "aria-label": t.proposals.takeOf(what),
      }),
      button(t.proposals.dismiss, () => this.#dismiss(id), {
        kind: "quiet",
        "aria-label": t.proposals.dismissOf(what),
      }),
    ];
    return el(
      "li",
      { class: "proposal" },
      el("p", {}, el("span", { class: "strong" }, what)),
      el(
        "p",
        { class: "detail" },
        chip(t.learning.kinds[change.kind], `kind ${change.kind}`),
        t.proposals.messages(change.messages.length),
        el("span", {}, t.proposals.by(agent, brief(at))),
      ),
      this.#desk.isAdmin ? el("div", { class: "group-acts" }, ...acts) : null,
    );
  }

  async #dismiss(id) {
    await this.#desk.api.remove(`learning/proposals/${id}`);
    this.#changed();
  }
}

function wordsOf(change, entries) {
  const words = {
    phrasing: () => entries.find(({ label }) => label === change.label)?.title ?? change.label,
    entry: () => change.question,
    out_of_scope: () => t.learning.outOfScopeWhat,
    ignore: () => t.learning.ignoreWhat,
  };
  return words[change.kind]();
}
