/** Who the customer has proven to be, with mailboxes and tickets; and any other mailbox that the agent looks up. */

import { t } from "../texts.js";
import { button, el, loading, on, whileBusy } from "../ui/elements.js";
import { icon } from "../ui/icons.js";
import { reasonOf } from "../ui/toast.js";
import { mailboxCard } from "./mailbox.js";
import { openRestore } from "./restore.js";

export class Customer {
  sections;
  #desk;
  #told;
  #id = null;
  #mark = "";
  #holds = false;
  #known = null;
  #asked = null;
  #identity = el("div", { class: "identity" });
  #mailboxes = el("div", { class: "mailboxes" });
  #lookup = el("input", {
    type: "email",
    required: true,
    autocomplete: "off",
    spellcheck: "false",
    placeholder: t.customer.address,
    "aria-label": t.customer.lookup,
  });

  /** @param {(known: object) => void} told gets what the server knows, whenever it was asked */
  constructor(desk, told) {
    this.#desk = desk;
    this.#told = told;
    const find = el("button", { type: "submit", class: "button plain" }, t.customer.find);
    const form = el("form", { class: "lookup", role: "search", "aria-label": t.customer.lookup }, this.#lookup, find);
    on(form, {
      submit: (event) => (event.preventDefault(), whileBusy(find, () => this.#ask(this.#lookup.value.trim()))),
    });
    const refresh = button(t.refresh, () => this.#load(), { icon: "retry", kind: "quiet", bare: true });
    const heading = (title, drawing, ...more) =>
      el("div", { class: "section-head" }, el("h3", {}, icon(drawing), title), ...more);
    this.sections = [
      el("section", { class: "panel-section" }, heading(t.customer.identity, "person", refresh), this.#identity),
      el("section", { class: "panel-section" }, heading(t.customer.mailboxes, "mailbox"), this.#mailboxes, form),
    ];
  }

  open(id) {
    this.#id = id;
    this.#known = this.#asked = null;
    this.#mark = "";
    this.#lookup.value = "";
    this.#identity.replaceChildren();
    this.#mailboxes.replaceChildren();
    if (id) this.#mailboxes.append(loading(t.loading));
  }

  /** Asked at once, and again when the customer has proven something or the holder has changed. */
  showCase(one) {
    const mark = `${one.customer} ${one.holder} ${one.agent?.id}`;
    if (this.#mark === mark) return;
    this.#mark = mark;
    this.#holds = this.#desk.holds(one);
    this.#load();
  }

  /** For placeholders. */
  get values() {
    const mailbox = this.#known?.mailboxes.find(({ proven }) => proven) ?? null;
    return { postfach: mailbox?.address ?? null, auftrag: mailbox?.tickets[0]?.number ?? null };
  }

  #ask(mailbox) {
    this.#asked = mailbox || null;
    return this.#load();
  }

  async #load() {
    const id = this.#id;
    try {
      const known = await this.#desk.api.get(`conversations/${id}/customer`, { mailbox: this.#asked });
      if (id === this.#id) this.#show(known);
    } catch (error) {
      if (id !== this.#id) return;
      const again = button(t.retry, () => this.#load(), { icon: "retry", kind: "quiet" });
      this.#mailboxes.replaceChildren(el("p", { class: "problem", role: "alert" }, reasonOf(error)), again);
    }
  }

  #show(known) {
    this.#known = known;
    this.#identity.replaceChildren(...identity(known.proven));
    const cards = known.mailboxes.map((mailbox) =>
      mailboxCard(mailbox, this.#holds ? () => this.#restore(mailbox.address) : null),
    );
    this.#mailboxes.replaceChildren(...(cards.length ? cards : [el("p", { class: "muted" }, t.customer.noMailbox)]));
    this.#told(known);
  }

  async #restore(address) {
    const addresses = this.#known.mailboxes.map((mailbox) => mailbox.address);
    if (await openRestore(this.#desk, this.#id, { address, addresses })) await this.#load();
  }
}

function identity(proven) {
  if (!proven.length)
    return [
      el(
        "p",
        { class: "proof unproven" },
        icon("unproven"),
        el(
          "span",
          {},
          el("span", { class: "strong" }, t.customer.unproven),
          el("span", { class: "detail" }, t.customer.unprovenHint),
        ),
      ),
    ];
  return proven.map((address) =>
    el(
      "p",
      { class: "proof" },
      icon("proven"),
      el("span", {}, el("span", { class: "strong" }, address), el("span", { class: "detail" }, t.customer.provenHint)),
    ),
  );
}
