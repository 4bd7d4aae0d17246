/** How it goes: volume, what the bot solves, hand-offs, waiting times, ratings. */

import { queryOf } from "../core/api.js";
import { channelNames } from "../core/format.js";
import { t } from "../texts.js";
import { button, el, field, on, select } from "../ui/elements.js";
import { icon } from "../ui/icons.js";
import { card, fill, page } from "../ui/page.js";
import { presets } from "./days.js";
import { comments, counts, means, tiles, volume } from "./figure-parts.js";

export default class FiguresView {
  element;
  title = t.views.figures;
  #desk;
  #router;
  #from = el("input", { type: "date", name: "from", required: true });
  #to = el("input", { type: "date", name: "to", required: true });
  #channel;
  #presets;
  #place = el("div", { class: "figures" });
  #query = "";

  constructor(desk, router) {
    this.#desk = desk;
    this.#router = router;
    this.#channel = select([["", t.search.allChannels], ...channelNames()], "");
    this.#presets = Object.entries(presets()).map(([name, range]) => ({
      range,
      element: button(t.figures.presets[name], () => this.#go(range), { kind: "tab", "aria-pressed": "false" }),
    }));
    const bar = el(
      "form",
      { class: "figures-bar", "aria-label": t.figures.choose },
      el(
        "div",
        { class: "segments", role: "group", "aria-label": t.figures.range },
        ...this.#presets.map(({ element }) => element),
      ),
      field(t.search.from, this.#from, { kind: "inline" }),
      field(t.search.to, this.#to, { kind: "inline" }),
      field(t.search.channel, this.#channel, { kind: "inline" }),
    );
    on(bar, {
      change: () => this.#go({ from: this.#from.value, to: this.#to.value }),
      submit: (event) => event.preventDefault(),
    });
    this.element = page(t.views.figures, { content: [bar, this.#place] });
  }

  enter(query) {
    const { from, to } = query.has("from") ? Object.fromEntries(query) : presets().week;
    this.#from.value = from;
    this.#to.value = to;
    this.#channel.value = query.get("channel") ?? "";
    for (const { range, element } of this.#presets)
      element.setAttribute("aria-pressed", String(range.from === from && range.to === to));
    const chosen = { from, to, channel: this.#channel.value };
    this.#query = queryOf(chosen);
    return fill(
      this.#place,
      () => this.#load(chosen),
      ([figures, ratings]) => this.#show(chosen, figures, ratings),
    );
  }

  leave() {}

  #load(chosen) {
    const { api } = this.#desk;
    return Promise.all([api.get("figures", chosen), api.get("ratings", { from: chosen.from, to: chosen.to })]);
  }

  #go({ from, to }) {
    if (!from || !to) return;
    const [first, last] = [from, to].sort();
    this.#router.go(`/desk/figures${queryOf({ from: first, to: last, channel: this.#channel.value })}`);
  }

  #show(chosen, { days, totals, reasons, asked, declined, ratings: rated }, { ratings }) {
    return [
      tiles(totals),
      el(
        "div",
        { class: "cards" },
        this.#card("days", [volume(days, chosen)], "wide"),
        this.#card("reasons", [
          counts(
            "reasons",
            reasons.map(({ reason, count }) => ({ name: t.reasons[reason] ?? reason, count })),
          ),
        ]),
        this.#card("asked", [
          counts(
            "asked",
            asked.map(({ title, count }) => ({ name: title, count })),
          ),
        ]),
        this.#card("declined", [
          counts(
            "declined",
            declined.map(({ text, count }) => ({ name: `„${text}“`, count })),
          ),
        ]),
        this.#card("agents", [
          means(
            "agents",
            rated.agents.map(({ agent, ...mean }) => ({ name: agent.name ?? agent, ...mean })),
          ),
        ]),
        this.#card("entries", [
          means(
            "entries",
            rated.entries.map(({ title, ...mean }) => ({ name: title, ...mean })),
          ),
        ]),
        card(t.figures.cards.comments, [comments(ratings)]),
      ),
    ];
  }

  #card(name, content, kind) {
    const href = `/desk/api/figures.csv${this.#query}&table=${name}`;
    const csv = el(
      "a",
      { class: "button quiet", href, download: true, "aria-label": t.figures.csv(t.figures.cards[name]) },
      icon("download"),
      el("span", { class: "label" }, "CSV"),
    );
    return card(t.figures.cards[name], content, { actions: [csv], kind });
  }
}
