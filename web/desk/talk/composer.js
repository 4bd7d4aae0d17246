/** Where an agent writes: a reply to the customer, or a note for colleagues. */

import { t } from "../texts.js";
import { button, el, on, whileBusy } from "../ui/elements.js";
import { CannedPopup } from "./canned.js";
import { Editor } from "./editor.js";
import { Suggestions } from "./suggestions.js";

const MODES = ["reply", "note"];
const STILL = 6_000;
const PLACEHOLDER = /\{(\p{L}+)\}/u;

export class Composer {
  element;
  #desk;
  #doers;
  #id = null;
  #case = null;
  #mode = "reply";
  #stillTyping = 0;
  #tabs = new Map();
  #box;
  #bar = el("div", { class: "hold-bar" });
  #editor;
  #canned;
  #suggestions;
  #error = el("p", { class: "form-error", role: "alert" });
  #send;
  #hint = el("p", { class: "keys-hint" });

  /** @param {{say: (text: string) => void, addNote: (text: string) => Promise, claim: () => Promise, values: () => object}} doers */
  constructor(desk, doers) {
    this.#desk = desk;
    this.#doers = doers;
    this.#editor = new Editor({
      changed: (text) => this.#changed(text),
      submit: () => this.#submit(),
      slash: () => this.#canned.open(),
    });
    this.#canned = new CannedPopup(desk, {
      choose: (text) => this.insert(text),
      left: () => this.#editor.focus(),
      values: doers.values,
    });
    this.#suggestions = new Suggestions(desk, (text) => this.insert(text));
    this.#send = el("button", { type: "submit", class: "button primary send" });
    this.#box = this.#makeBox();
    const form = el(
      "form",
      { class: "composer", novalidate: true },
      this.#suggestions.element,
      this.#modes(),
      this.#error,
      this.#bar,
      this.#box,
    );
    this.element = on(form, { submit: (event) => (event.preventDefault(), this.#submit()) });
  }

  open(id) {
    this.#id = id;
    this.#suggestions.open(id);
    this.#setMode(this.#desk.drafts.of(id).mode);
  }

  leave() {
    this.#stopTyping();
    this.#canned.close();
    this.#id = null;
    this.#case = null;
  }

  show(one) {
    const before = this.#case;
    this.#case = one;
    if (before && hasSameHolder(before, one)) return;
    if (this.#desk.holds(one)) this.#suggestions.load();
    else if (before) this.#stopTyping();
    this.#bar.replaceChildren(el("p", {}, t.bar[one.holder](one.agent?.name)), ...this.#claimButton(one));
    this.#showMode();
  }

  /** The customer's question is another now. */
  customerSaid() {
    if (this.#desk.holds(this.#case)) this.#suggestions.load();
  }

  focus() {
    this.#editor.focus();
  }

  /** Go to the box in the given mode. */
  write(mode) {
    this.#setMode(mode);
    if (this.#canWrite) this.focus();
    else this.#bar.querySelector("button")?.focus();
  }

  toggleNote() {
    this.write(this.#mode === "note" ? "reply" : "note");
  }

  suggest(place) {
    if (this.#desk.holds(this.#case)) this.#suggestions.take(place);
  }

  /** Into the reply, where the cursor is. */
  insert(text) {
    this.#setMode("reply");
    this.#editor.insert(text);
  }

  get #canWrite() {
    return this.#mode === "note" || this.#desk.holds(this.#case);
  }

  #modes() {
    for (const mode of MODES) {
      const drawing = mode === "note" ? "note" : "reply";
      const tab = button(t.modes[mode], () => this.write(mode), {
        icon: drawing,
        kind: "tab",
        keys: mode === "note" ? "Alt+I" : "Alt+R",
        "aria-pressed": "false",
      });
      this.#tabs.set(mode, tab);
    }
    return el("div", { class: "modes", role: "group", "aria-label": t.modes.label }, ...this.#tabs.values());
  }

  #makeBox() {
    const canned = button(t.canned.open, () => this.#canned.open(), {
      icon: "canned",
      kind: "quiet",
      bare: true,
      keys: "/",
    });
    canned.classList.add("for-reply");
    const foot = el("div", { class: "box-foot" }, canned, this.#editor.tools, this.#hint, this.#send);
    return el("div", { class: "box" }, this.#canned.element, this.#editor.element, foot);
  }

  #claimButton({ holder }) {
    if (holder === "agent" || holder === "closed") return [];
    return [button(t.claim, this.#doers.claim, { icon: "next", kind: "primary", keys: "Alt+U" })];
  }

  #setMode(mode) {
    this.#mode = mode;
    this.#desk.drafts.keep(this.#id, { mode });
    this.#canned.close();
    this.#editor.value = this.#desk.drafts.of(this.#id)[mode];
    this.#refuse("");
    this.#showMode();
  }

  #showMode() {
    const isNote = this.#mode === "note";
    this.element.dataset.mode = this.#mode;
    for (const [mode, tab] of this.#tabs) tab.setAttribute("aria-pressed", String(mode === this.#mode));
    this.#box.hidden = !this.#canWrite;
    this.#bar.hidden = this.#canWrite;
    this.#suggestions.element.hidden = isNote || !this.#desk.holds(this.#case);
    this.#editor.describe(isNote ? t.noteBox : t.replyBox, isNote ? t.notePlaceholder : t.replyPlaceholder);
    this.#hint.textContent = isNote ? t.noteHint : t.replyHint;
    this.#send.textContent = isNote ? t.saveNote : t.send;
    this.#editor.fit();
  }

  #changed(text) {
    this.#desk.drafts.keep(this.#id, { [this.#mode]: text });
    this.#refuse("");
    clearTimeout(this.#stillTyping);
    if (this.#mode !== "reply") return;
    this.#desk.live.typing(Boolean(text.trim()));
    this.#stillTyping = setTimeout(() => this.#desk.live.typing(false), STILL);
  }

  #submit() {
    const text = this.#editor.value.trim();
    if (!text) return this.focus();
    if (this.#mode === "note") return whileBusy(this.#send, () => this.#saveNote(text));
    const [placeholder] = PLACEHOLDER.exec(text) ?? [];
    if (placeholder) return this.#refuse(t.placeholderLeft(placeholder), placeholder);
    this.#clear();
    this.#stopTyping();
    return this.#doers.say(text);
  }

  async #saveNote(text) {
    const id = this.#id;
    await this.#doers.addNote(text);
    this.#desk.drafts.keep(id, { note: "" });
    if (id === this.#id) this.#clear();
  }

  #clear() {
    this.#editor.value = "";
    this.#desk.drafts.keep(this.#id, { [this.#mode]: "" });
    this.focus();
  }

  #refuse(reason, part) {
    this.#error.textContent = reason;
    this.#editor.isInvalid = Boolean(reason);
    if (part) this.#editor.select(part);
  }

  #stopTyping() {
    clearTimeout(this.#stillTyping);
    this.#desk.live.typing(false);
  }
}

function hasSameHolder(one, other) {
  return one.holder === other.holder && one.agent?.id === other.agent?.id;
}
