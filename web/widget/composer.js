/** Where the customer writes: a field that grows, a button, and a line for what went wrong. */

import { el, icon } from "./dom.js";

export class Composer {
  element;
  #input;
  #error;
  #say;
  #wrote;

  /**
   * @param {(text: string) => void} say gets what the customer sends, never empty
   * @param {(something: boolean) => void} wrote hears of each change, and whether anything stands there
   */
  constructor(texts, say, wrote) {
    this.#say = say;
    this.#wrote = wrote;
    this.#error = el("p", { class: "error", id: "error", role: "alert" });
    this.#input = el("textarea", {
      rows: "1", placeholder: texts.placeholder, "aria-label": texts.input, "aria-describedby": "error",
      autocomplete: "off", enterkeyhint: "send",
    });
    const send = el("button", { class: "send", type: "submit", "aria-label": texts.send, title: texts.send }, icon("send"));
    this.element = el("form", { class: "composer", novalidate: true }, this.#error, el("div", { class: "field" }, this.#input, send));
    this.element.addEventListener("submit", (event) => this.#submit(event));
    this.#input.addEventListener("input", () => this.#changed());
    this.#input.addEventListener("keydown", (event) => this.#key(event));
  }

  focus() {
    this.#input.focus({ preventScroll: true });
  }

  /** Says why a message was not taken, and puts its text back; null takes the reason away. */
  refuse(reason, text) {
    this.#error.textContent = reason ?? "";
    this.#input.setAttribute("aria-invalid", String(Boolean(reason)));
    if (!text) return;
    const written = this.#input.value;
    this.#input.value = written ? `${text}\n${written}` : text;
    this.#grow();
  }

  #key(event) {
    // While an input method composes a word, Enter takes the word.
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) this.#submit(event);
  }

  #submit(event) {
    event.preventDefault();
    const text = this.#input.value.trim();
    this.focus();
    if (!text) return;
    this.#input.value = "";
    this.#changed();
    this.#say(text);
  }

  #changed() {
    this.#grow();
    this.#wrote(this.#input.value.trim() !== "");
  }

  #grow() {
    this.#input.style.height = "auto";
    this.#input.style.height = `${this.#input.scrollHeight}px`;
  }
}
