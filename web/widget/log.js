/** The messages of the conversation, oldest first, read out by screen readers as they come. */

import { Choices } from "./choices.js";
import { el } from "./dom.js";
import { Message, notice } from "./message.js";
import { Reading } from "./reading.js";
import { Typing } from "./typing.js";

const NEAR = 80;

export class Log {
  /** The element that scrolls. */
  element;
  #texts;
  #rate;
  #list = el("div", { class: "list" });
  #typing;
  #choices;
  #reading;
  #shown = new Map();
  #atEnd = true;

  /**
   * @param {object} texts
   * @param {{choose: (button: object) => void, rate: (seq: number, up: boolean) => void, read: (seq: number) => void}} doers
   */
  constructor(texts, { choose, rate, read }) {
    this.#texts = texts;
    this.#rate = rate;
    this.#choices = new Choices(texts, choose);
    this.#typing = new Typing(texts);
    const greeting = new Message({ from: "bot", text: texts.greeting }, texts);
    this.element = el(
      "div", { class: "log", role: "log", "aria-live": "polite", "aria-label": texts.log, tabindex: "0" },
      greeting.element, this.#list, this.#typing.element,
    );
    this.#reading = new Reading(this.element, read);
    this.element.addEventListener("scroll", () => (this.#atEnd = this.#isNearEnd()), { passive: true });
    // A phone's keyboard, a growing field or a line below take height: the end stays in sight.
    new ResizeObserver(() => this.#atEnd && this.toEnd()).observe(this.element);
  }

  /**
   * @param {object[]} messages oldest first; those that are not sent yet are `pending`
   * @param {{id: string, buttons: object[]} | null} offer whose buttons can be pressed
   * @param {boolean} quietly not to be read out: it was said before
   */
  show(messages, offer, quietly) {
    const near = this.#isNearEnd();
    this.element.setAttribute("aria-live", quietly ? "off" : "polite");
    this.#removeAllBut(new Set(messages.map(({ id }) => id)));
    const added = messages.find(({ id }) => !this.#shown.has(id));
    this.#arrange(messages);
    const offered = this.#offer(offer) ? offer : null;
    const news = added ?? offered; // buttons may come after their message
    if (news && (near || news.from === "customer")) this.#reveal(news);
    if (quietly) setTimeout(() => this.element.setAttribute("aria-live", "polite"), 500);
  }

  /** @param {string | null} agent who writes, when it is a person */
  showTyping(on, agent) {
    const near = this.#isNearEnd();
    this.#typing.show(on, agent);
    if (on && near) this.toEnd();
  }

  /** A line before the messages, from nobody. */
  note(text) {
    this.element.querySelector(".log > .notice")?.remove();
    if (text) this.#list.before(notice(text));
  }

  toEnd() {
    this.element.scrollTop = this.element.scrollHeight;
  }

  #removeAllBut(ids) {
    for (const [id, { element }] of this.#shown) {
      if (ids.has(id)) continue;
      this.#reading.forget(element);
      element.remove();
      this.#shown.delete(id);
    }
  }

  #arrange(messages) {
    let place = this.#list.firstChild;
    let before = null;
    for (const message of messages) {
      const item = this.#shown.get(message.id) ?? this.#add(message);
      item.mark(message, isRun(before, message));
      before = message;
      // What stands in its place already is not moved, or it would be read out again.
      if (item.element === place) place = place.nextSibling;
      else this.#list.insertBefore(item.element, place);
    }
  }

  #add(message) {
    const item = new Message(message, this.#texts, (up) => this.#rate(message.seq, up));
    this.#shown.set(message.id, item);
    if (message.from === "agent") this.#reading.watch(item.element, message.seq);
    return item;
  }

  /** @returns {boolean} whether there are other buttons than before */
  #offer(offer) {
    if (!this.#choices.show(offer?.buttons ?? [])) return false;
    if (offer) this.#shown.get(offer.id).element.append(this.#choices.element);
    else this.#choices.element.remove();
    return true;
  }

  #isNearEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.element;
    return scrollHeight - scrollTop - clientHeight < NEAR;
  }

  /** The end, but of a long answer its beginning. */
  #reveal({ id, from }) {
    this.toEnd();
    const start = this.#shown.get(id).element.offsetTop - 16;
    if (from !== "customer" && start < this.element.scrollTop) this.element.scrollTop = start;
  }
}

/** Whether one person says both, one after the other. */
function isRun(one, next) {
  return one?.from === next.from && (one.agent ?? null) === (next.agent ?? null);
}
