/** What the customer reads about privacy before the first message; where the server wants it, accepts first. */

import { el, hidden } from "./dom.js";
import { request } from "./http.js";

/** Grows when the words in texts.js come to mean something else; it is kept with the conversation. */
const EDITION = 1;
const NAME = "privacy";

export class Privacy {
  /** Between the messages and the field; hidden while there is nothing to say. */
  element = el("section", { class: "privacy", hidden: true });
  #origin;
  #store;
  #texts;
  #settled;
  #config = null;
  #loading = null;
  #button = null;

  /** @param {(words: string) => void} settled called when the customer has seen or accepted the words */
  constructor({ origin, store, texts, settled }) {
    this.#origin = origin;
    this.#store = store;
    this.#texts = texts;
    this.#settled = settled;
    this.element.setAttribute("aria-label", texts.privacy.label);
  }

  /** Ask the server what is to be said, once for a page; without a connection again the next time. */
  load() {
    this.#loading ??= request(`${this.#origin}/channels/web/config`).then(
      ({ privacy }) => this.#show(privacy),
      () => (this.#loading = null),
    );
    return this.#loading;
  }

  /** Asked anew, because the server wants words that the customer has not accepted. */
  reload() {
    this.#loading = null;
    return this.load();
  }

  /** What was seen or accepted; null before that. */
  get words() {
    return this.#store.get(NAME);
  }

  /** Whether the customer must accept before anything is sent. */
  get isOpen() {
    return this.#config?.mode === "ask" && this.#isNew;
  }

  focus() {
    this.#button?.focus();
  }

  /** A message leaves, so a mere notice has been there long enough. */
  saw() {
    if (this.#config?.mode === "notice" && this.#isNew) this.#settle();
  }

  get #isNew() {
    return this.#config !== null && this.#config.mode !== "off" && this.words !== this.#words;
  }

  get #words() {
    return `${this.#config.version} ${this.#texts.tag}${EDITION}`;
  }

  #settle() {
    this.#store.set(NAME, this.#words);
    this.element.hidden = true;
    this.#settled(this.#words);
  }

  #show(config) {
    this.#config = config;
    const { stored, more, policy, newWindow, ask, accept } = this.#texts.privacy;
    const { mode, url, days } = this.#config;
    this.element.hidden = !this.#isNew;
    const link = url && el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, policy, hidden(` ${newWindow}`));
    const words = el("p", {}, stored(days), link && ` ${more} `, link, link && ".", mode === "ask" && ` ${ask}`);
    this.#button = mode === "ask" ? el("button", { class: "accept", type: "button" }, accept) : null;
    this.#button?.addEventListener("click", () => this.#settle());
    this.element.replaceChildren(...[words, this.#button].filter(Boolean));
  }
}
