/** What the customer sees: the launcher and the panel, in a shadow tree that the page's CSS does not reach. */

import { accentOf } from "./color.js";
import { Composer } from "./composer.js";
import { el, icon } from "./dom.js";
import { Header } from "./header.js";
import { Log } from "./log.js";
import { recall, remember } from "./store.js";
import { styleSheet } from "./style.js";

const PHONE = matchMedia("(max-width: 479.98px)");
const TOUCH = matchMedia("(pointer: coarse)");

export class View {
  #texts;
  #toggled;
  #header;
  #log;
  #composer;
  #host = el("postbote-chat");
  #badge = el("span", { class: "badge", "aria-hidden": "true", hidden: true });
  #offline;
  #launcher;
  #panel;
  #unread = 0;

  /**
   * @param {object} settings of the script's tag
   * @param {object} texts
   * @param {object} doers what the customer can do: `say(text)`, `choose(button)`, `rate(seq, up)`, `save()`; and what is
   *   noticed: `wrote(something)`, `read(seq)`, `toggled()`
   * @param {HTMLElement} privacy what is said above the field
   */
  constructor(settings, texts, { say, choose, rate, save, wrote, read, toggled }, privacy) {
    this.#texts = texts;
    this.#toggled = toggled;
    const press = (button) => this.#choose(button, choose);
    this.#header = new Header(texts, { close: () => this.#close(), choose: press, save });
    this.#composer = new Composer(texts, say, wrote);
    this.#log = new Log(texts, { choose: press, rate, read });
    this.#offline = el("p", { class: "offline", hidden: true }, texts.offlineNote);
    this.#launcher = el(
      "button", { class: "launcher", type: "button", "aria-expanded": "false", "aria-haspopup": "dialog", "aria-controls": "panel" },
      icon("chat"), icon("down"), this.#badge,
    );
    this.#panel = el(
      "dialog", { class: "panel", id: "panel", "aria-label": texts.title },
      this.#header.element, this.#header.line, this.#log.element, this.#offline, privacy, this.#composer.element,
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

  /** See Log.show. */
  show(messages, offer, quietly) {
    this.#log.show(messages, offer, quietly);
    this.#header.offerTranscript(messages.some(({ pending }) => !pending));
  }

  showTyping(on, agent) {
    this.#log.showTyping(on, agent);
  }

  showConnection(state) {
    this.#header.showConnection(state);
    this.#offline.hidden = state !== "offline";
  }

  showStatus(status, before) {
    this.#header.showStatus(status, before);
  }

  /** The customer has gone on: what was said about who has the conversation is known. */
  calm() {
    this.#header.calm();
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
    if (focus) TOUCH.matches ? this.#header.focus() : this.#composer.focus();
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
