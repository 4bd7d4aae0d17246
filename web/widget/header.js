/** The panel's head: who answers, whether there is a connection, a menu; and the line that says who has the conversation. */

import { avatar } from "./avatar.js";
import { el, icon } from "./dom.js";
import { Menu } from "./menu.js";

export class Header {
  element;
  /** Stands below the head, and is read out when it changes. */
  line = el("p", { class: "holder", role: "status" });
  #texts;
  #doers;
  #menu;
  #mark = avatar(null);
  #name;
  #state = el("p", { class: "state", role: "status" });
  #close;
  #actions = [];
  #hasTranscript = false;

  /** @param {{close: () => void, choose: (button: object) => void, save: () => void}} doers */
  constructor(texts, doers) {
    this.#texts = texts;
    this.#doers = doers;
    this.#menu = new Menu(texts);
    this.#name = el("h2", {}, texts.title);
    this.#close = el("button", { class: "tool close", type: "button", "aria-label": texts.close, title: texts.close }, icon("close"));
    this.#close.addEventListener("click", doers.close);
    this.element = el("header", {}, this.#mark, el("div", { class: "names" }, this.#name, this.#state), this.#menu.element, this.#close);
  }

  focus() {
    this.#close.focus();
  }

  /** @param {"idle" | "connecting" | "online" | "offline"} state */
  showConnection(state) {
    this.#state.textContent = this.#texts.connection[state];
    this.#state.dataset.state = state;
  }

  /** @param {object | null} before the status until now; null when it is none of news */
  showStatus(status, before) {
    const agent = status.holder === "agent" ? status.agent || this.#texts.agent : null;
    const name = agent ?? this.#texts.title;
    if (this.#name.textContent !== name) {
      const mark = avatar(agent);
      this.#mark.replaceWith(mark);
      this.#mark = mark;
      this.#name.textContent = name;
    }
    this.#showLine(this.#words(status, before), status.holder);
    this.#actions = status.actions ?? [];
    this.#fillMenu();
  }

  /** That the conversation is back with the bot is said until the customer goes on. */
  calm() {
    if (this.line.dataset.holder === "bot") this.#showLine("", "bot");
  }

  /** @param {boolean} on whether there is anything that could be saved */
  offerTranscript(on) {
    this.#hasTranscript = on;
    this.#fillMenu();
  }

  #words({ holder, position, agent }, before) {
    const { queued, agent: held, bot, closed } = this.#texts.holder;
    const fromPeople = ["queued", "agent"].includes(before?.holder);
    const words = { queued: queued(position), agent: held(agent || this.#texts.agent), bot: fromPeople ? bot : "", closed };
    return words[holder] ?? "";
  }

  #showLine(words, holder) {
    this.line.dataset.holder = holder;
    if (this.line.textContent !== words) this.line.replaceChildren(words);
  }

  #fillMenu() {
    const { choose, save } = this.#doers;
    const actions = this.#actions.map((action) => ({ key: action.id, title: action.title, act: () => choose(action) }));
    const transcript = { key: "save", title: this.#texts.save, act: save };
    this.#menu.show(this.#hasTranscript ? [...actions, transcript] : actions);
  }
}
