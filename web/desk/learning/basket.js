/** What an editor has decided and not yet published; kept by this tab. */

import { recall, remember } from "/widget/store.js";
import { t } from "../texts.js";
import { button, chip, el } from "../ui/elements.js";
import { card } from "../ui/page.js";
import { preview } from "./preview.js";

export class Basket {
  element;
  #desk;
  #name;
  #entries;
  #changed;
  #published;
  #proposed;
  #list = el("ul", { class: "basket-list" });
  #none = el("p", { class: "muted" }, t.learning.basketEmpty);
  #go;

  /** @param {{changed: () => void, published: (job: object) => void, proposed: () => void}} doers */
  constructor(desk, { changed, published, proposed }) {
    this.#desk = desk;
    this.#changed = changed;
    this.#published = published;
    this.#proposed = proposed;
    this.#name = `desk:${desk.me.agent.id}:basket`;
    this.#entries = recall(this.#name, []);
    this.#go = button(desk.isAdmin ? t.learning.preview : t.learning.previewProposal, () => this.#preview(), {
      icon: "basket",
      kind: "primary",
    });
    this.element = card(t.learning.basket, [this.#none, this.#list, this.#go], { kind: "basket" });
    this.#show();
  }

  /**
   * @param {object} change as the protocol says
   * @param {{question: string, what: string}} shown the group's question, and what becomes of it in words
   */
  add(change, { question, what }) {
    this.#write([...this.#entries, { change, question, what }]);
  }

  /** The entries that these messages are in. */
  of(messages) {
    return this.#entries.filter(({ change }) => change.messages.some((id) => messages.includes(id)));
  }

  has(message) {
    return this.#entries.some(({ change }) => change.messages.includes(message));
  }

  remove(entry) {
    this.#write(this.#entries.filter((other) => other !== entry));
  }

  clear() {
    this.#write([]);
  }

  /** Somebody else may have settled some meanwhile. */
  keepOnly(messages) {
    const kept = this.#entries.filter(({ change }) => change.messages.every((id) => messages.has(id)));
    if (kept.length === this.#entries.length) return;
    this.#entries = kept;
    remember(this.#name, kept);
    this.#show();
  }

  async #preview() {
    const answer = await preview(
      this.#desk,
      this.#entries.map(({ change }) => change),
    );
    if (answer?.job) this.#published(answer.job);
    else if (answer) this.#proposed();
  }

  #write(entries) {
    this.#entries = entries;
    remember(this.#name, entries);
    this.#show();
    this.#changed();
  }

  #show() {
    this.#none.hidden = this.#entries.length > 0;
    this.#go.disabled = this.#entries.length === 0;
    this.#list.replaceChildren(...this.#entries.map((entry) => this.#item(entry)));
  }

  #item(entry) {
    const { change, question, what } = entry;
    const remove = button(t.learning.takeOut(question), () => this.remove(entry), {
      icon: "close",
      kind: "quiet",
      bare: true,
    });
    return el(
      "li",
      {},
      el(
        "div",
        {},
        el("p", { class: "strong" }, question),
        el("p", { class: "detail" }, chip(t.learning.kinds[change.kind], `kind ${change.kind}`), what),
      ),
      remove,
    );
  }
}
