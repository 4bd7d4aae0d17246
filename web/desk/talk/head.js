/** The line above a conversation: whose it is, who has it, and what can be done. */

import { tickSince } from "../core/clock.js";
import { channelName, nameOf } from "../core/format.js";
import { t } from "../texts.js";
import { button, chip, el } from "../ui/elements.js";
import { icon } from "../ui/icons.js";
import { holderChip } from "./row.js";

export class Head {
  element;
  #desk;
  #acts;
  #shown = "";
  #title = el("h2", { tabindex: "-1" });
  #marks = el("p", { class: "marks" });
  #buttons = el("div", { class: "acts" });
  #unreachable = el("p", { class: "unreachable", role: "status" });

  /** @param {{acts: object, leave: () => void, panel: object}} parts */
  constructor(desk, { acts, leave, panel }) {
    this.#desk = desk;
    this.#acts = acts;
    const back = button(t.backToLists, leave, { icon: "back", kind: "quiet", bare: true });
    back.classList.add("to-lists");
    this.element = el(
      "header",
      { class: "talk-head" },
      back,
      this.#title,
      this.#buttons,
      panel.toggleButton,
      this.#marks,
      this.#unreachable,
    );
  }

  show(one) {
    const possible = this.#acts.possible(one);
    const shown = JSON.stringify([
      one.customer,
      one.holder,
      one.agent,
      one.reason,
      one.group,
      one.waiting_since,
      one.unreachable,
      possible,
    ]);
    if (shown === this.#shown) return;
    const former = this.#shown && JSON.parse(this.#shown).at(-1);
    this.#shown = shown;
    this.#title.replaceChildren(
      ...[one.customer ? icon("proven") : null, el("span", { title: nameOf(one) }, nameOf(one))].filter(Boolean),
    );
    this.#title.classList.toggle("proven", Boolean(one.customer));
    this.#marks.replaceChildren(...this.#marksOf(one).filter(Boolean));
    this.#unreachable.replaceChildren(...unreachable(one));
    if (JSON.stringify(former) !== JSON.stringify(possible)) this.#showActs(possible);
  }

  #marksOf(one) {
    return [
      holderChip(one, this.#desk),
      chip(channelName(one.channel)),
      one.reason ? chip(t.reasons[one.reason], `reason ${one.reason}`) : null,
      one.group ? chip(one.group, "group", "people") : null,
      one.waiting_since && one.holder !== "closed" ? waits(one.waiting_since) : null,
    ];
  }

  #showActs(possible) {
    const hadFocus = this.#buttons.contains(document.activeElement);
    this.#buttons.replaceChildren(...possible.map((name) => this.#acts.button(name)));
    if (hadFocus) this.#title.focus();
  }
}

/** Nothing that is written here reaches the customer. */
function unreachable({ unreachable: reason }) {
  if (!reason) return [];
  return [icon("warning"), el("span", {}, t.unreachable), el("span", { class: "detail" }, reason)];
}

function waits(since) {
  const time = el("time", { class: "ticking" });
  tickSince(time, since);
  return el("span", { class: "waits" }, t.waitsSince, time);
}
