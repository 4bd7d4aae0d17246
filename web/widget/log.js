/** The messages of the conversation, oldest first, read out by screen readers as they come. */

import { el, hidden } from "./dom.js";
import { sanitise } from "./sanitise.js";

const NEAR = 80;

export class Log {
  /** The element that scrolls. */
  element;
  #texts;
  #title;
  #choose;
  #list = el("div", { class: "list" });
  #typing;
  #choices;
  #shown = new Map();
  #atEnd = true;

  /**
   * @param {object} texts
   * @param {{title: string, greeting: string, choose: (button: object) => void}} options
   */
  constructor(texts, { title, greeting, choose }) {
    this.#texts = texts;
    this.#title = title;
    this.#choose = choose;
    this.#choices = el("div", { class: "choices", role: "group", "aria-label": texts.choices });
    const dots = el("span", { class: "dots", "aria-hidden": "true" }, el("i"), el("i"), el("i"));
    this.#typing = el("div", { class: "typing bubble", "aria-live": "off", hidden: true }, dots, hidden(texts.typing));
    this.element = el(
      "div", { class: "log", role: "log", "aria-live": "polite", "aria-label": texts.log, tabindex: "0" },
      this.#bubble({ from: "bot" }, greeting), this.#list, this.#typing,
    );
    this.element.addEventListener("scroll", () => (this.#atEnd = this.#isNearEnd()), { passive: true });
    // A phone's keyboard, a growing field or a line below take height: the end stays in sight.
    new ResizeObserver(() => this.#atEnd && this.toEnd()).observe(this.element);
  }

  /** @param {boolean} quietly not to be read out: it was said before */
  show(settled, pending, quietly) {
    const near = this.#isNearEnd();
    this.element.setAttribute("aria-live", quietly ? "off" : "polite");
    const messages = [...settled, ...pending.map((entry) => ({ ...entry, from: "customer", pending: true }))];
    this.#removeAllBut(new Set(messages.map(({ id }) => id)));
    const added = messages.find(({ id }) => !this.#shown.has(id));
    let place = this.#list.firstChild;
    for (const message of messages) {
      const item = this.#shown.get(message.id) ?? this.#item(message);
      this.#shown.set(message.id, item);
      this.#mark(item, message);
      // What stands in its place already is not moved, or it would be read out again.
      if (item === place) place = place.nextSibling;
      else this.#list.insertBefore(item, place);
    }
    this.#showChoices(pending.length ? null : settled.at(-1));
    if (added && (near || added.from === "customer")) this.#reveal(added);
    if (quietly) setTimeout(() => this.element.setAttribute("aria-live", "polite"), 500);
  }

  showTyping(on) {
    const near = this.#isNearEnd();
    this.#typing.hidden = !on;
    if (on && near) this.toEnd();
  }

  /** A line between the messages, from nobody. */
  note(text) {
    this.element.querySelector(".note")?.remove();
    if (text) this.#list.before(el("p", { class: "note" }, text));
  }

  toEnd() {
    this.element.scrollTop = this.element.scrollHeight;
  }

  #removeAllBut(ids) {
    for (const [id, item] of this.#shown) {
      if (ids.has(id)) continue;
      item.remove();
      this.#shown.delete(id);
    }
  }

  #item(message) {
    return this.#bubble(message, message.html ? sanitise(message.html) : message.text);
  }

  #bubble({ from }, content) {
    const author = { customer: this.#texts.you, agent: this.#texts.agent }[from] ?? this.#title;
    const plain = typeof content === "string" ? " plain" : "";
    return el("article", { class: `message ${from}` }, hidden(`${author}: `), el("div", { class: `bubble${plain}` }, content));
  }

  #mark(item, { pending = false, at }) {
    item.classList.toggle("pending", pending);
    const foot = item.querySelector(".foot");
    const text = pending ? this.#texts.pending : new Date(at).toLocaleTimeString(this.#texts.tag, { hour: "2-digit", minute: "2-digit" });
    if (foot?.textContent === text) return;
    foot?.remove();
    item.append(pending ? el("span", { class: "foot" }, text) : el("time", { class: "foot", datetime: at, "aria-live": "off" }, text));
  }

  #showChoices(message) {
    const buttons = message?.from === "customer" ? [] : (message?.buttons ?? []);
    const ids = buttons.map(({ id }) => id).join(" ");
    if (this.#choices.dataset.ids === ids) return;
    this.#choices.dataset.ids = ids;
    this.#choices.replaceChildren(...buttons.map((button) => this.#choice(button)));
    if (buttons.length) this.#shown.get(message.id).append(this.#choices);
    else this.#choices.remove();
  }

  #choice(button) {
    const element = el("button", { type: "button", class: "choice" }, button.title);
    element.addEventListener("click", () => this.#choose(button));
    return element;
  }

  #isNearEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.element;
    return scrollHeight - scrollTop - clientHeight < NEAR;
  }

  /** The end, but of a long answer its beginning. */
  #reveal({ id, from }) {
    this.toEnd();
    const start = this.#shown.get(id).offsetTop - 16;
    if (from !== "customer" && start < this.element.scrollTop) this.element.scrollTop = start;
  }
}
