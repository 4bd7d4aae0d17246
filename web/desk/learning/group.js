/** Questions that are alike, and the four things that may become of them. */

import { addressOf } from "../core/router.js";
import { brief, percent } from "../core/format.js";
import { t } from "../texts.js";
import { button, chip, el, on } from "../ui/elements.js";
import { icon } from "../ui/icons.js";
import { Picker } from "../ui/picker.js";
import { draftEntry } from "./draft.js";
import { Wordings } from "./wordings.js";

const OPEN_AT_FIRST = 3;
/** From here on a suggestion may be taken at one press, and from there on that is what we advise. */
const POSSIBLE = 0.15;
const LIKELY = 0.5;

export class Group {
  element = el("li", { class: "inbox-group" });
  #basket;
  #inbox;
  #group = null;
  #shown = "";
  #left = new Set();
  #picker;
  #dropdown;
  #assign;
  #wordings = new Wordings();

  /** @param {() => object} inbox what `GET /desk/api/learning` answered */
  constructor(basket, inbox) {
    this.#basket = basket;
    this.#inbox = inbox;
    this.#picker = new Picker({
      label: t.learning.assign,
      placeholder: t.learning.searchEntry,
      none: t.learning.noEntry,
      chosen: (item) => this.#assignTo(item),
      left: (back) => this.#close(back),
    });
    this.#dropdown = el("div", { class: "popup dropdown", hidden: true }, this.#picker.element);
  }

  show(group) {
    const shown = JSON.stringify([group, group.questions.map(({ message }) => this.#basket.has(message))]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#group = group;
    const hadFocus = this.element.contains(document.activeElement);
    const open = group.questions.filter(({ message }) => !this.#basket.has(message));
    this.#left = new Set(open.map(({ message }) => message));
    this.#showWordings();
    this.element.classList.toggle("settled", open.length === 0);
    this.element.replaceChildren(
      this.#head(),
      ...this.#decided(),
      ...(open.length
        ? [this.#questions(open), this.#wordings.element, this.#answer(), this.#acts()].filter(Boolean)
        : []),
    );
    if (hadFocus) this.element.querySelector("h2").focus();
  }

  #head() {
    const { question, count, questions } = this.#group;
    const why = [...new Set(questions.map((one) => one.why))].map((reason) =>
      chip(t.learning.why[reason], `why ${reason}`),
    );
    return el(
      "header",
      { class: "group-head" },
      el(
        "span",
        { class: "count", title: t.learning.count(count) },
        el("span", { "aria-hidden": "true" }, `${count}×`),
        el("span", { class: "hidden" }, t.learning.count(count)),
      ),
      el("h2", { tabindex: "-1" }, question),
      el("span", { class: "whys" }, ...why),
    );
  }

  #decided() {
    const entries = this.#basket.of(this.#group.questions.map(({ message }) => message));
    return entries.map((entry) =>
      el(
        "p",
        { class: "decided" },
        icon("basket"),
        el(
          "span",
          {},
          t.learning.inBasket(t.learning.kinds[entry.change.kind], entry.what, entry.change.messages.length),
        ),
        button(t.learning.undo, () => this.#basket.remove(entry), { kind: "quiet" }),
      ),
    );
  }

  #questions(questions) {
    const rows = questions.map((one) => this.#question(one));
    const list = (some) => el("ul", { class: "questions" }, ...some);
    if (rows.length <= OPEN_AT_FIRST + 1) return list(rows);
    const more = rows.slice(OPEN_AT_FIRST);
    return el(
      "div",
      {},
      list(rows.slice(0, OPEN_AT_FIRST)),
      el("details", {}, el("summary", {}, t.learning.more(more.length)), list(more)),
    );
  }

  #question({ message, text, at, why, conversation }) {
    const box = el("input", { type: "checkbox", checked: true });
    const choose = () => {
      this.#left[box.checked ? "add" : "delete"](message);
      this.#showWordings();
    };
    on(box, { change: choose });
    return el(
      "li",
      {},
      el("label", { class: "choice" }, box, el("span", { class: "words" }, text)),
      el("span", { class: "detail" }, t.learning.why[why]),
      el(
        "a",
        { href: addressOf(conversation), "aria-label": t.learning.openConversation(brief(at)) },
        el("time", { datetime: at }, brief(at)),
      ),
    );
  }

  #answer() {
    const { answer } = this.#group;
    if (!answer) return null;
    return el(
      "blockquote",
      { class: "agents-answer" },
      el("p", { class: "detail" }, t.learning.agentsAnswer),
      el("p", { class: "plain" }, answer),
    );
  }

  #acts() {
    const [best] = this.#group.suggestions;
    this.#assign = button(t.learning.assign, () => this.#open(), { icon: "search", "aria-expanded": "false" });
    return el(
      "div",
      { class: "group-acts" },
      best?.confidence >= POSSIBLE
        ? button(t.learning.assignTo(best.title), () => this.#assignTo(itemOf(best)), {
            icon: "done",
            kind: best.confidence >= LIKELY ? "primary" : "plain",
          })
        : null,
      this.#assign,
      button(t.learning.newEntry, () => this.#draft(), { icon: "plus" }),
      button(t.learning.outOfScope, () => this.#decide({ kind: "out_of_scope" }, t.learning.outOfScopeWhat), {
        kind: "quiet",
      }),
      button(t.learning.ignore, () => this.#decide({ kind: "ignore" }, t.learning.ignoreWhat), { kind: "quiet" }),
      this.#dropdown,
    );
  }

  #open() {
    if (!this.#dropdown.hidden) return this.#close(true);
    const suggested = new Set(this.#group.suggestions.map(({ label }) => label));
    const others = this.#inbox().entries.filter(({ label }) => !suggested.has(label));
    this.#dropdown.hidden = false;
    this.#assign.setAttribute("aria-expanded", "true");
    this.#picker.show([...this.#group.suggestions.map(itemOf), ...others.map(itemOf)]);
    this.#picker.focus();
  }

  #close(back) {
    if (this.#dropdown.hidden) return;
    this.#dropdown.hidden = true;
    this.#assign.setAttribute("aria-expanded", "false");
    if (back) this.#assign.focus();
  }

  #assignTo({ id, title }) {
    this.#close(true);
    this.#decide({ kind: "phrasing", label: id }, title);
  }

  async #draft() {
    const { question, answer } = this.#group;
    const { topics, entries } = this.#inbox();
    const entry = await draftEntry({ question, answer: answer ?? "" }, { topics, entries });
    if (entry) this.#decide({ kind: "entry", ...entry }, entry.question);
  }

  #showWordings() {
    this.#wordings.show(this.#group.questions.filter(({ message }) => this.#left.has(message)).map(({ text }) => text));
  }

  #decide(change, what) {
    const messages = [...this.#left];
    const wordings = change.kind === "ignore" ? null : this.#wordings.changed;
    if (messages.length)
      this.#basket.add(
        { ...change, messages, ...(wordings && { wordings }) },
        { question: this.#group.question, what },
      );
  }
}

function itemOf({ label, title, confidence }) {
  return { id: label, title, mark: confidence ? percent(confidence) : "", detail: label };
}
