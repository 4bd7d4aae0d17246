/** What the customer sees: the launcher and the panel, in a shadow tree that the page's CSS does not reach. */

import { accentOf } from "./color.js";
import { Composer } from "./composer.js";
import { el, icon } from "./dom.js";
import { Log } from "./log.js";
import { recall, remember } from "./store.js";
import { styleSheet } from "./style.js";

const PHONE = matchMedia("(max-width: 479.98px)");
const TOUCH = matchMedia("(pointer: coarse)");

export class View {
  #texts;
  #toggled;
  #log;
  #composer;
  #host = el("postbote-chat");
  #badge = el("span", { class: "badge", "aria-hidden": "true", hidden: true });
  #state = el("p", { class: "state", role: "status" });
  #offline;
  #launcher;
  #panel;
  #unread = 0;

  /**
   * @param {object} settings of the script's tag
   * @param {object} texts
   * @param {{say: (text: string) => void, choose: (button: object) => void, toggled: () => void}} doers
   */
  constructor(settings, texts, { say, choose, toggled }) {
    this.#texts = texts;
    this.#toggled = toggled;
    const title = settings.title || texts.title;
    this.#composer = new Composer(texts, say);
    this.#log = new Log(texts, { title, greeting: settings.greeting || texts.greeting, choose: (button) => this.#choose(button, choose) });
    this.#offline = el("p", { class: "offline", hidden: true }, texts.offlineNote);
    this.#launcher = el(
      "button", { class: "launcher", type: "button", "aria-expanded": "false", "aria-haspopup": "dialog", "aria-controls": "panel" },
      icon("chat"), icon("down"), this.#badge,
    );
    this.#panel = el(
      "dialog", { class: "panel", id: "panel", "aria-labelledby": "title" },
      this.#header(title), this.#log.element, this.#offline, this.#composer.element,
    );
    this.#place(settings);
    this.#listen();
    this.showUnread(0);
  }

  /** Open as it was before a reload or on the page before, else as the script's tag says; a phone shows its page first. */
  begin(open) {
    if (!PHONE.matches && recall("open", open)) this.#open(false);
  }

  get isOpen() {
    return this.#panel.open;
  }

  show(settled, pending, quietly) {
    this.#log.show(settled, pending, quietly);
  }

  showTyping(on) {
    this.#log.showTyping(on);
  }

  showStatus(status) {
    this.#state.textContent = this.#texts.status[status];
    this.#state.dataset.status = status;
    this.#offline.hidden = status !== "offline";
  }

  showUnread(count) {
    this.#unread = count;
    this.#badge.hidden = count === 0;
    this.#badge.textContent = count > 9 ? "9+" : String(count);
    this.#label();
  }

  note(text) {
    this.#log.note(text);
  }

  refuse(reason, text) {
    this.#composer.refuse(reason, text);
  }

  #header(title) {
    const close = el("button", { class: "close", type: "button", "aria-label": this.#texts.close, title: this.#texts.close }, icon("close"));
    close.addEventListener("click", () => this.#close());
    return el(
      "header", {},
      el("span", { class: "mark" }, icon("letter")),
      el("div", { class: "names" }, el("h2", { id: "title" }, title), this.#state),
      close,
    );
  }

  #place({ color, position }) {
    const { accent, ink } = accentOf(color);
    this.#host.lang = this.#texts.tag;
    this.#host.style.setProperty("--accent", accent);
    this.#host.style.setProperty("--on-accent", ink);
    const side = position === "left" ? "left" : "right";
    const tree = this.#host.attachShadow({ mode: "open" });
    tree.adoptedStyleSheets = [styleSheet()];
    tree.append(el("section", { class: `chat ${side}`, "aria-label": this.#texts.region }, this.#panel, this.#launcher));
    document.body.append(this.#host);
  }

  #listen() {
    this.#launcher.addEventListener("click", () => (this.isOpen ? this.#close() : this.#open(true)));
    this.#panel.addEventListener("keydown", (event) => event.key === "Escape" && !event.isComposing && this.#close(event));
    this.#panel.addEventListener("cancel", (event) => this.#close(event)); // Android's way back
    PHONE.addEventListener("change", () => this.isOpen && this.#open(this.#host.shadowRoot.activeElement !== null));
    // The keyboard of a phone covers the page without making it smaller.
    globalThis.visualViewport?.addEventListener("resize", () => this.#host.style.setProperty("--height", `${visualViewport.height}px`));
  }

  /** On a phone it covers the page, which is then out of reach; elsewhere it stands beside it. */
  #open(focus) {
    this.#panel.close();
    if (PHONE.matches) this.#panel.showModal();
    else this.#panel.setAttribute("open", ""); // show() would take the focus, wanted or not
    if (focus) TOUCH.matches ? this.#panel.querySelector(".close").focus() : this.#composer.focus();
    this.#changed();
    this.#log.toEnd();
  }

  #close(event) {
    event?.preventDefault();
    event?.stopPropagation();
    this.#panel.close();
    this.#launcher.focus();
    this.#changed();
  }

  #changed() {
    remember("open", this.isOpen);
    this.#launcher.setAttribute("aria-expanded", String(this.isOpen));
    this.#toggled();
  }

  #choose(button, choose) {
    if (!TOUCH.matches) this.#composer.focus(); // the button that had it goes away
    choose(button);
  }

  #label() {
    const { launcherOpen, launcherClose, unread } = this.#texts;
    const label = this.isOpen ? launcherClose : launcherOpen;
    this.#launcher.setAttribute("aria-label", this.#unread ? `${label}, ${unread(this.#unread)}` : label);
  }
}
