/** The line at the top that says that the server is away, and what becomes of what is written meanwhile. */

import { t } from "../texts.js";
import { button, el } from "../ui/elements.js";

/** A connection that comes back at once is none of the agent's worries. */
const PATIENCE = 1_500;

export class Connection {
  element = el("div", { class: "connection", role: "status" });
  #desk;
  #retryAt = 0;
  #text = el("span");
  #left = el("span", { class: "left", "aria-hidden": "true" });
  #timer = 0;

  constructor(desk) {
    this.#desk = desk;
    desk.on("status", ({ on, retryAt }) => (on ? this.#back() : this.#lost(retryAt)));
    setInterval(() => this.#count(), 1000);
  }

  #lost(retryAt) {
    this.#retryAt = retryAt;
    this.#count();
    if (this.element.firstChild || this.#timer) return;
    this.#timer = setTimeout(() => this.#show(), PATIENCE);
  }

  #show() {
    this.#text.textContent = navigator.onLine ? t.connection.server : t.connection.network;
    document.body.classList.add("is-offline");
    this.element.append(
      this.#text,
      this.#left,
      button(t.connection.now, () => this.#desk.live.wake(), { kind: "quiet" }),
    );
  }

  #back() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    document.body.classList.remove("is-offline");
    this.element.replaceChildren();
  }

  #count() {
    const seconds = Math.max(0, Math.ceil((this.#retryAt - Date.now()) / 1000));
    this.#left.textContent = seconds ? t.connection.in(seconds) : t.connection.trying;
  }
}
