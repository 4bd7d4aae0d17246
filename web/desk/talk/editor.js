/** A box for Markdown that grows, with buttons for the few marks that customers get to see. */

import { t } from "../texts.js";
import { button, el, on } from "../ui/elements.js";

const WRAPS = { bold: "**", italic: "*", code: "`" };
const KEYS = { b: "bold", i: "italic", k: "link" };

export class Editor {
  element;
  tools;
  #input;
  #changed;
  #submit;
  #slash;

  /** @param {{changed: (text: string) => void, submit: () => void, slash: () => void}} doers `slash`: `/` was typed into the empty box */
  constructor({ changed, submit, slash }) {
    this.#changed = changed;
    this.#submit = submit;
    this.#slash = slash;
    this.#input = el("textarea", { rows: "1", autocomplete: "off", enterkeyhint: "send" });
    this.element = on(this.#input, { input: () => this.#grown(), keydown: (event) => this.#key(event) });
    this.tools = el(
      "div",
      { class: "tools", role: "group", "aria-label": t.tools.label },
      ...["bold", "italic", "list", "numbers", "link", "code"].map((name) => this.#tool(name)),
    );
  }

  get value() {
    return this.#input.value;
  }

  set value(text) {
    this.#input.value = text;
    this.fit();
  }

  set isInvalid(wrong) {
    if (wrong) this.#input.setAttribute("aria-invalid", "true");
    else this.#input.removeAttribute("aria-invalid");
  }

  describe(label, placeholder) {
    this.#input.setAttribute("aria-label", label);
    this.#input.placeholder = placeholder;
  }

  focus() {
    this.#input.focus({ preventScroll: true });
  }

  /** As high as its text needs; to be called when it was hidden. */
  fit() {
    this.#input.style.height = "auto";
    this.#input.style.height = `${this.#input.scrollHeight}px`;
  }

  /** Where the cursor is; a placeholder that is left is selected, so that one types over it. */
  insert(text) {
    this.focus();
    const { selectionStart: start, selectionEnd: end, value } = this.#input;
    const before = value.slice(0, start);
    const gap = before && !/\s$/.test(before) ? (text.includes("\n") ? "\n\n" : " ") : "";
    this.#replace(start, end, gap + text);
    const [left] = /\{\p{L}+\}/u.exec(text) ?? [];
    if (left) this.select(left);
  }

  select(part) {
    const at = this.#input.value.indexOf(part);
    this.focus();
    if (at >= 0) this.#input.setSelectionRange(at, at + part.length);
  }

  #tool(name) {
    const keys = { bold: "Ctrl+B", italic: "Ctrl+I", link: "Ctrl+K" }[name];
    return button(t.tools[name], () => this.#format(name), { icon: name, kind: "quiet", bare: true, keys });
  }

  #format(name) {
    if (WRAPS[name]) this.#wrap(WRAPS[name], WRAPS[name]);
    else if (name === "link") this.#wrap("[", "](https://)");
    else this.#prefix(name === "list" ? () => "- " : (at) => `${at + 1}. `);
  }

  #wrap(before, after) {
    const { selectionStart: start, selectionEnd: end, value } = this.#input;
    const inner = value.slice(start, end);
    this.#replace(start, end, before + inner + after);
    this.#input.setSelectionRange(start + before.length, start + before.length + inner.length);
  }

  #prefix(mark) {
    const { selectionStart, selectionEnd: end, value } = this.#input;
    const start = value.lastIndexOf("\n", selectionStart - 1) + 1;
    this.#replace(
      start,
      end,
      value
        .slice(start, end)
        .split("\n")
        .map((line, at) => mark(at) + line)
        .join("\n"),
    );
  }

  /** Through the browser's own command, so that Ctrl+Z takes it back. */
  #replace(start, end, text) {
    this.focus();
    this.#input.setSelectionRange(start, end);
    if (!document.execCommand("insertText", false, text)) this.#input.setRangeText(text, start, end, "end");
    this.#grown();
  }

  #key(event) {
    const act = event.isComposing || event.altKey ? null : this.#actOf(event);
    if (!act) return;
    event.preventDefault();
    act();
  }

  #actOf(event) {
    const { key, shiftKey } = event;
    if (event.ctrlKey || event.metaKey) return shiftKey ? null : this.#toolOf(key);
    if (key === "Enter" && !shiftKey) return this.#submit;
    return key === "/" && this.#input.value === "" ? this.#slash : null;
  }

  #toolOf(key) {
    const name = KEYS[key.toLowerCase()];
    return name ? () => this.#format(name) : null;
  }

  #grown() {
    this.fit();
    this.#changed(this.#input.value);
  }
}
