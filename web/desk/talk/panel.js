/** The side panel: who the customer is, mailboxes and tickets, notes, the transcript to take away. */

import { recall, remember } from "/widget/store.js";
import { nameOf } from "../core/format.js";
import { t } from "../texts.js";
import { button, el, on } from "../ui/elements.js";
import { Customer } from "./customer.js";
import { NotesSection } from "./notes.js";
import { TranscriptSection } from "./takeaway.js";

/** From here on there is room beside the conversation; below, the panel lies over it. */
const WIDE = matchMedia("(min-width: 1024px)");

export class Panel {
  element;
  toggleButton;
  #desk;
  #customer;
  #notes;
  #takeaway;
  #body;
  #veil;
  #id = null;
  #isOpen = true;

  /** @param {{addNote: (text: string) => Promise}} doers */
  constructor(desk, { addNote }) {
    this.#desk = desk;
    this.#customer = new Customer(desk, (known) => this.#takeaway.show(known));
    this.#notes = new NotesSection(addNote);
    this.#takeaway = new TranscriptSection(desk);
    this.toggleButton = button(t.panel.toggle, () => this.toggle(), {
      icon: "panel",
      kind: "quiet",
      bare: true,
      keys: "Alt+P",
      "aria-controls": "panel",
    });
    const leave = button(t.panel.close, () => this.toggle(), { icon: "close", kind: "quiet", bare: true });
    const head = el("div", { class: "panel-head" }, el("h2", {}, t.panel.title), leave);
    this.#body = el(
      "div",
      { class: "panel-body" },
      head,
      ...this.#customer.sections,
      this.#notes.element,
      this.#takeaway.element,
    );
    this.#veil = on(el("div", { class: "veil" }), { click: () => this.toggle() });
    this.element = el("aside", { class: "panel", id: "panel", "aria-label": t.panel.title }, this.#veil, this.#body);
    on(this.element, { keydown: (event) => event.key === "Escape" && !WIDE.matches && this.toggle() });
    WIDE.addEventListener("change", () => this.#begin());
    this.#begin();
  }

  open(id) {
    this.#id = id;
    this.#body.scrollTop = 0;
    this.#fold(!WIDE.matches || !this.#isOpen, false);
    this.#customer.open(id);
    this.#takeaway.open(id);
  }

  show(one) {
    this.#customer.showCase(one);
    this.#takeaway.showCase(one);
  }

  showNotes(notes) {
    this.#notes.show(notes);
  }

  toggle() {
    const opens = this.element.hidden;
    this.#fold(!opens, WIDE.matches);
    if (WIDE.matches) return;
    if (opens) this.#body.querySelector("button").focus();
    else this.toggleButton.focus();
  }

  /** What placeholders of canned replies stand for. */
  valuesFor(one) {
    return { agent: this.#desk.me.agent.name, kunde: one?.customer ? nameOf(one) : null, ...this.#customer.values };
  }

  #begin() {
    this.#fold(WIDE.matches ? recall("desk:panel-folded", false) : true, false);
  }

  #fold(folded, kept) {
    this.#isOpen = !folded;
    this.element.hidden = folded || !this.#id;
    this.toggleButton.setAttribute("aria-expanded", String(!folded));
    this.#shutOut(!WIDE.matches && !this.element.hidden);
    if (kept) remember("desk:panel-folded", folded);
  }

  /** What lies beneath the drawer is out of reach for the keyboard, too. */
  #shutOut(covered) {
    for (const beside of this.element.parentElement?.children ?? []) beside.inert = covered && beside !== this.element;
  }
}
