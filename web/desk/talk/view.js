/** The view worked in all day: lists, one conversation, and what is known of its customer. */

import { addressOf } from "../core/router.js";
import { t } from "../texts.js";
import { el } from "../ui/elements.js";
import { done, failed } from "../ui/toast.js";
import { Conversation } from "./conversation.js";
import { Lists } from "./lists.js";

export class TalkView {
  element;
  title = t.views.talks;
  #desk;
  #router;
  #lists;
  #conversation;
  #current = null;
  #isShown = false;

  constructor(desk, router, shortcuts) {
    this.#desk = desk;
    this.#router = router;
    this.#lists = new Lists(desk, { claim: (id) => this.#claim(id), claimNext: () => this.#claimNext() });
    this.#conversation = new Conversation(desk, {
      shortcuts,
      claim: (id) => this.#claim(id),
      leave: () => router.go("/desk"),
    });
    this.element = el(
      "div",
      { class: "talk" },
      el("h1", { class: "hidden", tabindex: "-1" }, t.views.talks),
      this.#lists.element,
      ...this.#conversation.elements,
    );
    for (const kind of ["lists", "typing"]) desk.on(kind, () => this.#show());
    this.#addShortcuts(shortcuts);
  }

  enter(query) {
    this.#isShown = true;
    this.#current = query.get("conversation");
    this.element.dataset.pane = this.#current ? "conversation" : "lists";
    this.#conversation.open(this.#current);
    this.#show();
  }

  leave() {
    this.#isShown = false;
    this.#conversation.open(null);
  }

  #show() {
    if (this.#desk.lists) this.#lists.show(this.#desk.lists, this.#current);
  }

  async #claim(id) {
    this.#goTo(await this.#desk.api.post(`conversations/${id}/claim`));
  }

  async #claimNext() {
    const one = await this.#desk.api.post("claim-next");
    if (one) this.#goTo(one);
    else done(t.nobodyWaits);
  }

  /** To one that was just claimed. */
  #goTo(one) {
    this.#conversation.claimed = one;
    this.#router.go(addressOf(one.conversation));
  }

  #addShortcuts(shortcuts) {
    const here = (act) => () => (this.#isShown ? act() : this.#router.go("/desk"));
    const beside = (step) => here(() => this.#lists.beside(step)?.click());
    shortcuts.add({
      "Alt+N": () => this.#claimNext().catch(failed),
      "Alt+ArrowDown": beside(1),
      "Alt+ArrowUp": beside(-1),
      "Alt+L": here(() => this.#lists.focus()),
    });
  }
}
