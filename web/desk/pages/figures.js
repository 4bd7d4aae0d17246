/** How it goes: volume, what the bot solves, hand-offs, waiting times, ratings. */

import { queryOf } from "../core/api.js";
import { brief, calendarDay, channelNames, number, percent, span } from "../core/format.js";
import { addressOf } from "../core/router.js";
import { t } from "../texts.js";
import { barChart, columnChart } from "../ui/chart.js";
import { button, el, field, on, select } from "../ui/elements.js";
import { icon } from "../ui/icons.js";
import { card, fill, page, table } from "../ui/page.js";
import { daysBetween, presets } from "./days.js";

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
    this.#presets = Object.entries(presets()).map(([name, range]) => ({ range, element: button(t.figures.presets[name], () => this.#go(range), { kind: "tab", "aria-pressed": "false" }) }));
    const bar = el(
      "form", { class: "figures-bar", "aria-label": t.figures.choose },
      el("div", { class: "segments", role: "group", "aria-label": t.figures.range }, ...this.#presets.map(({ element }) => element)),
      field(t.search.from, this.#from, { kind: "inline" }), field(t.search.to, this.#to, { kind: "inline" }), field(t.search.channel, this.#channel, { kind: "inline" }),
    );
    on(bar, { change: () => this.#go({ from: this.#from.value, to: this.#to.value }), submit: (event) => event.preventDefault() });
    this.element = page(t.views.figures, { content: [bar, this.#place] });
  }

  enter(query) {
    const { from, to } = query.has("from") ? Object.fromEntries(query) : presets().week;
    this.#from.value = from;
    this.#to.value = to;
    this.#channel.value = query.get("channel") ?? "";
    for (const { range, element } of this.#presets) element.setAttribute("aria-pressed", String(range.from === from && range.to === to));
    const chosen = { from, to, channel: this.#channel.value };
    this.#query = queryOf(chosen);
    return fill(this.#place, () => this.#load(chosen), ([figures, ratings]) => this.#show(chosen, figures, ratings));
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
        "div", { class: "cards" },
        this.#card("days", [volume(byDay(days, chosen))], "wide"),
        this.#card("reasons", [counts("reasons", reasons.map(({ reason, count }) => ({ name: t.reasons[reason] ?? reason, count })))]),
        this.#card("asked", [counts("asked", asked.map(({ title, count }) => ({ name: title, count })))]),
        this.#card("declined", [counts("declined", declined.map(({ text, count }) => ({ name: `„${text}“`, count })))]),
        this.#card("agents", [means("agents", rated.agents.map(({ agent, ...mean }) => ({ name: agent.name ?? agent, ...mean })))]),
        this.#card("entries", [means("entries", rated.entries.map(({ title, ...mean }) => ({ name: title, ...mean })))]),
        card(t.figures.cards.comments, [comments(ratings)]),
      ),
    ];
  }

  #card(name, content, kind) {
    const href = `/desk/api/figures.csv${this.#query}&table=${name}`;
    const csv = el("a", { class: "button quiet", href, download: true, "aria-label": t.figures.csv(t.figures.cards[name]) }, icon("download"), el("span", { class: "label" }, "CSV"));
    return card(t.figures.cards[name], content, { actions: [csv], kind });
  }
}

function tiles({ conversations, messages, solved_share: solved, handoffs, first_answer_seconds: first, rating }) {
  const all = [
    ["conversations", number(conversations), t.figures.messages(number(messages))],
    ["solved", percent(solved), t.figures.solvedHint],
    ["handoffs", number(handoffs), conversations >= handoffs && conversations ? t.figures.handoffShare(percent(handoffs / conversations)) : ""],
    ["first", span(first.median), t.figures.p90(span(first.p90))],
    ["rating", rating.count ? `${number(rating.mean, 1)} / 5` : "–", t.figures.ratings(number(rating.count), rating.count)],
  ];
  return el("dl", { class: "tiles" }, ...all.map(([name, value, hint]) => el("div", {}, el("dt", {}, t.figures.tiles[name]), el("dd", {}, el("span", { class: "value" }, value), el("span", { class: "detail" }, hint)))));
}

/** One row for each day, also of those on which nothing happened, of all channels together. */
function byDay(rows, { from, to }) {
  const days = new Map(daysBetween(from, to).map((day) => [day, { conversations: 0, solved: 0, handoffs: 0 }]));
  for (const row of rows) {
    const sum = days.get(row.day);
    for (const name of Object.keys(sum)) sum[name] += row[name];
  }
  return [...days];
}

function volume(days) {
  // One conversation may be handed over more than once.
  const handed = ({ conversations, solved, handoffs }) => Math.min(handoffs, conversations - solved);
  const rest = (day) => day.conversations - day.solved - handed(day);
  return columnChart({
    label: t.figures.cards.days, head: t.figures.day, names: days.map(([day]) => calendarDay(day)), format: (value) => number(value),
    series: [
      { name: t.figures.series.solved, kind: "first", values: days.map(([, { solved }]) => solved) },
      { name: t.figures.series.handoffs, kind: "second", values: days.map(([, day]) => handed(day)) },
      { name: t.figures.series.rest, kind: "third", values: days.map(([, day]) => rest(day)) },
    ],
  });
}

function counts(name, rows) {
  if (!rows.length) return nothing();
  return barChart(t.figures.cards[name], rows.map(({ name: words, count }) => ({ name: words, value: count, text: number(count) })));
}

function means(name, rows) {
  if (!rows.length) return nothing();
  return table(t.figures.cards[name], [
    { head: t.figures.columns[name], cell: (row) => row.name },
    { head: t.figures.columns.mean, kind: "number", cell: ({ mean }) => el("span", { class: `mean ${mean < 3 ? "bad" : ""}` }, icon("star"), number(mean, 1)) },
    { head: t.figures.columns.count, kind: "number", cell: ({ count }) => number(count) },
  ], rows);
}

function comments(ratings) {
  const said = ratings.filter(({ comment }) => comment);
  if (!said.length) return nothing();
  const item = ({ stars, comment, at, conversation, agent }) => el(
    "li", {}, el("p", { class: "head" }, el("span", { class: "mean" }, icon("star"), `${stars} / 5`), el("span", { class: "muted" }, agent?.name ?? agent ?? t.authors.bot), el("a", { href: addressOf(conversation) }, el("time", { datetime: at }, brief(at)))),
    el("p", {}, comment),
  );
  return el("ul", { class: "comments" }, ...said.slice(0, 12).map(item));
}

function nothing() {
  return el("p", { class: "muted none" }, t.figures.nothing);
}
