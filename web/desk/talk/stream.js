/** The messages on the page: scrolling, older ones, what is read out. */

import { t } from "../texts.js";
import { button, el, on } from "../ui/elements.js";
import { icon } from "../ui/icons.js";
import { Keyed } from "../ui/keyed.js";
import { Entry } from "./entry.js";

const NEAR = 80;

export class Stream {
  element;
  #log;
  #list = el("ol", { class: "entries" });
  #older;
  #typing;
  #down;
  #entries;
  #atEnd = true;

  /** @param {{older: () => Promise, retry: (seq: number) => Promise, again: (entry: object) => void, drop: (entry: object) => void, customer: () => string, file: (id: number) => string}} doers */
  constructor(doers) {
    this.#entries = new Keyed(
      this.#list,
      ({ key }) => key,
      () => new Entry(doers),
    );
    this.#older = button(t.older, doers.older, { icon: "up", kind: "quiet" });
    this.#older.classList.add("older");
    const dots = el("span", { class: "dots", "aria-hidden": "true" }, el("i"), el("i"), el("i"));
    this.#typing = el("p", { class: "typing", "aria-live": "off", hidden: true }, dots, t.customerTyping);
    this.#log = el(
      "div",
      { class: "log", role: "log", "aria-label": t.log, tabindex: "0" },
      this.#older,
      this.#list,
      this.#typing,
    );
    this.#down = el("button", { type: "button", class: "to-end", hidden: true }, icon("down"), t.newBelow);
    this.element = el("div", { class: "stream" }, this.#log, this.#down);
    on(this.#down, { click: () => (this.toEnd(), this.#log.focus()) });
    on(this.#log, { scroll: () => this.#scrolled() });
    // A growing reply box takes height: the end stays in sight.
    new ResizeObserver(() => this.#atEnd && this.toEnd()).observe(this.#log);
  }

  /**
   * @param {object[]} entries
   * @param {{more: boolean, quiet?: boolean, grown?: boolean}} how `quiet`: not news, so not read out; `grown`: there is something new at the end
   */
  show(entries, { more, quiet = false, grown = false }) {
    const { scrollHeight, scrollTop } = this.#log;
    const atEnd = this.#atEnd;
    if (quiet) this.#silence();
    this.#older.hidden = !more;
    this.#entries.show(entries);
    if (atEnd) this.toEnd();
    else if (quiet) this.#log.scrollTop = scrollTop + this.#log.scrollHeight - scrollHeight;
    else if (grown) this.#down.hidden = false;
  }

  showTyping(shown) {
    this.#typing.hidden = !shown;
    if (shown && this.#atEnd) this.toEnd();
  }

  toEnd() {
    this.#log.scrollTop = this.#log.scrollHeight;
    this.#atEnd = true;
    this.#down.hidden = true;
  }

  /** Older ones and a conversation just opened are not read out. */
  #silence() {
    this.#log.setAttribute("aria-live", "off");
    setTimeout(() => this.#log.removeAttribute("aria-live"), 500);
  }

  #scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.#log;
    this.#atEnd = scrollHeight - scrollTop - clientHeight < NEAR;
    if (this.#atEnd) this.#down.hidden = true;
  }
}
