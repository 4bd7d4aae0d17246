/** One message as it stands in the log. */

import { avatar } from "./avatar.js";
import { el, hidden } from "./dom.js";
import { Helpful } from "./helpful.js";
import { sanitise } from "./sanitise.js";

/** Who said it, in words. */
export function authorOf({ from, agent }, texts) {
  return { customer: texts.you, agent: agent || texts.agent }[from] ?? texts.title;
}

/** A line between the messages, from nobody. */
export function notice(content) {
  return el("div", { class: "notice" }, content);
}

export class Message {
  element;
  #texts;
  #helpful = null;

  /** @param {(up: boolean) => void} rate the customer says whether it helped */
  constructor(message, texts, rate) {
    this.#texts = texts;
    const content = message.html ? sanitise(message.html) : message.text;
    this.element = message.from === "notice" ? notice(content) : this.#article(message, content);
    if (message.rateable) this.element.append((this.#helpful = new Helpful(texts, rate)).element);
  }

  /**
   * What may change later.
   * @param {{pending?: boolean, rated?: boolean, at: string}} message
   * @param {boolean} follows whether the same person said the one before
   */
  mark(message, follows) {
    if (message.from === "notice") return;
    this.element.classList.toggle("pending", Boolean(message.pending));
    this.element.classList.toggle("follows", follows);
    this.#helpful?.mark(message.rated);
    this.#date(message);
  }

  #article(message, content) {
    const author = authorOf(message, this.#texts);
    const plain = typeof content === "string" ? " plain" : "";
    return el(
      "article", { class: `message ${message.from}` },
      message.from === "agent" ? el("div", { class: "name", "aria-hidden": "true" }, avatar(author), author) : null,
      hidden(`${author}: `), el("div", { class: `bubble${plain}` }, content),
    );
  }

  #date({ pending, at }) {
    if (!pending && !at) return; // the greeting is of no time
    const foot = this.element.querySelector(".foot");
    const text = pending ? this.#texts.pending : new Date(at).toLocaleTimeString(this.#texts.tag, { hour: "2-digit", minute: "2-digit" });
    if (foot?.textContent === text) return;
    foot?.remove();
    const line = pending ? el("span", { class: "foot" }, text) : el("time", { class: "foot", datetime: at, "aria-live": "off" }, text);
    this.element.querySelector(".bubble").after(line);
  }
}
