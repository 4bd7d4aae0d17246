/** One conversation in a list. */

import { tickSince } from "../core/clock.js";
import { brief, channelName, nameOf } from "../core/format.js";
import { addressOf } from "../core/router.js";
import { t } from "../texts.js";
import { button, chip, el } from "../ui/elements.js";
import { icon } from "../ui/icons.js";

export class Row {
  element = el("li", { class: "row" });
  #desk;
  #kind;
  #claim;
  #link = null;
  #shown = "";

  /** @param {"mine" | "queue" | "open"} kind of the list that it stands in */
  constructor(desk, kind, claim) {
    this.#desk = desk;
    this.#kind = kind;
    this.#claim = claim;
  }

  show(one) {
    const shown = JSON.stringify(one);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#link ??= this.#begin(one);
    this.element.classList.toggle("unread", one.unread > 0 && this.#kind === "mine");
    this.#link.setAttribute("aria-current", String(one.current));
    this.#link.replaceChildren(...this.#lines(one));
  }

  #begin(one) {
    const link = el("a", { class: "row-link", href: addressOf(one.conversation), tabindex: "-1" });
    this.element.append(link);
    if (this.#kind === "queue") {
      const label = t.claimOf(nameOf(one));
      const claim = button(t.claim, () => this.#claim(one.conversation), { kind: "plain", "aria-label": label });
      claim.classList.add("claim");
      this.element.append(claim);
    }
    return link;
  }

  #lines(one) {
    return [
      el("span", { class: "row-top" }, this.#name(one), this.#when(one)),
      el("span", { class: "row-words" }, ...this.#words(one), this.#unread(one)),
      this.#chips(one),
    ].filter(Boolean);
  }

  #name(one) {
    const mark = one.customer ? icon("proven") : null;
    return el("span", { class: `row-name${one.customer ? " proven" : ""}` }, mark, el("span", {}, nameOf(one)));
  }

  #when(one) {
    const since = this.#kind === "queue" ? one.queued_at : this.#kind === "mine" ? one.waiting_since : null;
    if (!since) return el("time", { class: "row-time", datetime: one.last?.at }, one.last ? brief(one.last.at) : "");
    const time = el("time", { class: "row-time ticking" });
    tickSince(time, since);
    return el("span", {}, el("span", { class: "hidden" }, t.waitsSince), time);
  }

  #words(one) {
    if (one.typing) return [el("span", { class: "row-typing" }, t.isTyping)];
    if (!one.last) return [el("span", { class: "row-text" }, t.nothingSaid)];
    const from = t.saidBy[one.last.from];
    return [el("span", { class: "row-text" }, from ? el("span", { class: "muted" }, `${from} `) : null, one.last.text)];
  }

  #unread(one) {
    if (this.#kind !== "mine" || !one.unread) return null;
    return el(
      "span",
      { class: "badge" },
      el("span", { "aria-hidden": "true" }, String(one.unread)),
      el("span", { class: "hidden" }, t.unread(one.unread)),
    );
  }

  #chips(one) {
    const chips = [];
    if (this.#kind === "queue" && one.reason) chips.push(chip(t.reasons[one.reason], `reason ${one.reason}`));
    if (one.group && this.#kind !== "open") chips.push(chip(one.group, "group", "people"));
    if (this.#kind === "open") chips.push(holderChip(one, this.#desk));
    if (one.channel !== "web") chips.push(chip(channelName(one.channel)));
    return chips.length ? el("span", { class: "row-chips" }, ...chips) : null;
  }
}

/** Who has the conversation. */
export function holderChip(one, desk) {
  const mine = desk.holds(one);
  const kinds = {
    bot: () => chip(t.holders.bot, "bot", "bot"),
    queued: () => chip(t.holders.queued, "queued", "clock"),
    agent: () => chip(mine ? t.holders.me : (one.agent?.name ?? t.holders.agent), mine ? "own" : "agent", "person"),
    closed: () => chip(t.holders.closed, "closed", "done"),
  };
  return kinds[one.holder]();
}
