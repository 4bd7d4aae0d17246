/** One's own conversations, the queue, and all that are open; read out as they grow. */

import { recall, remember } from "/widget/store.js";
import { nameOf } from "../core/format.js";
import { t } from "../texts.js";
import { button, el, on } from "../ui/elements.js";
import { icon } from "../ui/icons.js";
import { Keyed } from "../ui/keyed.js";
import { presenceMark } from "../ui/people.js";
import { Roving } from "../ui/roving.js";
import { Row } from "./row.js";

const KINDS = ["mine", "queue", "open"];

export class Lists {
  element;
  #desk;
  #claim;
  #lists = {};
  #roving;
  #news = el("p", { class: "hidden", role: "status" });
  #state = el("p", { class: "state" });
  #pause;

  /** @param {{claim: (id: string) => Promise, claimNext: () => Promise}} doers */
  constructor(desk, { claim, claimNext }) {
    this.#desk = desk;
    this.#claim = claim;
    const next = button(t.claimNext, claimNext, { icon: "next", kind: "primary", keys: "Alt+N" });
    this.#pause = button(t.account.pause, () => desk.change({ paused: desk.me.agent.presence !== "paused" }), {
      kind: "tab",
      title: t.account.pauseDetail,
      "aria-pressed": "false",
    });
    const scroller = el("div", { class: "lists-scroll" }, ...KINDS.map((kind) => this.#section(kind)));
    this.element = el(
      "section",
      { class: "lists", "aria-label": t.lists.label },
      el("div", { class: "lists-head" }, next, el("div", { class: "seats" }, this.#state, this.#pause)),
      scroller,
      this.#news,
    );
    this.#roving = new Roving(scroller, ".row-link");
    desk.on("lists", ({ lists, before }) => before && this.#tellNews(lists, before));
    desk.on("me", () => desk.lists && this.#showState());
  }

  show(lists, current) {
    for (const kind of KINDS) {
      const { rows, count, none } = this.#lists[kind];
      const cases = lists[kind];
      rows.show(
        cases.map((one) => ({
          ...one,
          current: one.conversation === current,
          typing: this.#desk.typing.has(one.conversation),
        })),
      );
      count.textContent = String(cases.length);
      none.hidden = cases.length > 0;
    }
    this.#showState();
    this.#roving.settle();
  }

  /** The row so many places from the open conversation's. */
  beside(step) {
    return this.#roving.beside(step);
  }

  focus() {
    this.element.querySelector(".row-link[tabindex='0']")?.focus();
  }

  #showState() {
    const { presence, seats } = this.#desk.me.agent;
    const holding = this.#desk.lists.mine.length;
    this.#state.replaceChildren(presenceMark(presence), el("span", {}, t.lists.seats(holding, seats)));
    this.#pause.setAttribute("aria-pressed", String(presence === "paused"));
  }

  #section(kind) {
    const list = el("ul", { class: "rows", id: `list-${kind}` });
    const count = el("span", { class: "count" }, "0");
    const none = el("p", { class: "none" }, t.lists.none[kind]);
    const body = el("div", { class: "list-body" }, none, list);
    const toggle = el(
      "button",
      { type: "button", class: "list-toggle", "aria-controls": list.id },
      icon("down"),
      t.lists[kind],
      count,
    );
    const fold = (folded) => {
      toggle.setAttribute("aria-expanded", String(!folded));
      body.hidden = folded;
      remember(`desk:folded:${kind}`, folded);
    };
    fold(recall(`desk:folded:${kind}`, false));
    on(toggle, { click: () => (fold(!body.hidden), this.#roving.settle()) });
    const rows = new Keyed(
      list,
      ({ conversation }) => conversation,
      () => new Row(this.#desk, kind, this.#claim),
    );
    this.#lists[kind] = { rows, count, none };
    return el("section", { class: `list ${kind}` }, el("h2", {}, toggle), body);
  }

  #tellNews(lists, before) {
    const waited = new Set(before.queue.map(({ conversation }) => conversation));
    const unread = new Map(before.mine.map((one) => [one.conversation, one.unread]));
    const queued = lists.queue.filter(({ conversation }) => !waited.has(conversation));
    const answered = lists.mine.filter((one) => one.unread > (unread.get(one.conversation) ?? one.unread));
    const news = [
      ...queued.map((one) => t.news.queued(nameOf(one), t.reasons[one.reason])),
      ...answered.filter(({ conversation }) => !this.#isOpen(conversation)).map((one) => t.news.message(nameOf(one))),
    ];
    if (queued.length) news.push(t.waitingCount(lists.queue.length));
    if (news.length) this.#news.textContent = news.join(" ");
  }

  /** What is said there is read out by the conversation itself. */
  #isOpen(conversation) {
    return new URLSearchParams(location.search).get("conversation") === conversation;
  }
}
