/** The figures' tiles, charts and lists. */

import { brief, calendarDay, number, percent, span } from "../core/format.js";
import { addressOf } from "../core/router.js";
import { t } from "../texts.js";
import { barChart, columnChart } from "../ui/chart.js";
import { el } from "../ui/elements.js";
import { icon } from "../ui/icons.js";
import { table } from "../ui/page.js";
import { daysBetween } from "./days.js";

/** The totals. */
export function tiles({
  conversations,
  messages,
  solved_share: solved,
  handoffs,
  first_answer_seconds: first,
  rating,
}) {
  const all = [
    ["conversations", number(conversations), t.figures.messages(number(messages))],
    ["solved", percent(solved), t.figures.solvedHint],
    [
      "handoffs",
      number(handoffs),
      conversations >= handoffs && conversations ? t.figures.handoffShare(percent(handoffs / conversations)) : "",
    ],
    ["first", span(first.median), t.figures.p90(span(first.p90))],
    [
      "rating",
      rating.count ? `${number(rating.mean, 1)} / 5` : "–",
      t.figures.ratings(number(rating.count), rating.count),
    ],
  ];
  return el(
    "dl",
    { class: "tiles" },
    ...all.map(([name, value, hint]) =>
      el(
        "div",
        {},
        el("dt", {}, t.figures.tiles[name]),
        el("dd", {}, el("span", { class: "value" }, value), el("span", { class: "detail" }, hint)),
      ),
    ),
  );
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

/** What became of the conversations of each day. @param {{from: string, to: string}} range */
export function volume(rows, range) {
  const days = byDay(rows, range);
  // One conversation may be handed over more than once.
  const handed = ({ conversations, solved, handoffs }) => Math.min(handoffs, conversations - solved);
  const rest = (day) => day.conversations - day.solved - handed(day);
  return columnChart({
    label: t.figures.cards.days,
    head: t.figures.day,
    names: days.map(([day]) => calendarDay(day)),
    format: (value) => number(value),
    series: [
      { name: t.figures.series.solved, kind: "first", values: days.map(([, { solved }]) => solved) },
      { name: t.figures.series.handoffs, kind: "second", values: days.map(([, day]) => handed(day)) },
      { name: t.figures.series.rest, kind: "third", values: days.map(([, day]) => rest(day)) },
    ],
  });
}

/** @param {string} name of the card */
export function counts(name, rows) {
  if (!rows.length) return nothing();
  return barChart(
    t.figures.cards[name],
    rows.map(({ name: words, count }) => ({ name: words, value: count, text: number(count) })),
  );
}

/** @param {string} name of the card */
export function means(name, rows) {
  if (!rows.length) return nothing();
  return table(
    t.figures.cards[name],
    [
      { head: t.figures.columns[name], cell: (row) => row.name },
      {
        head: t.figures.columns.mean,
        kind: "number",
        cell: ({ mean }) => el("span", { class: `mean ${mean < 3 ? "bad" : ""}` }, icon("star"), number(mean, 1)),
      },
      { head: t.figures.columns.count, kind: "number", cell: ({ count }) => number(count) },
    ],
    rows,
  );
}

/** What customers wrote beside their stars, the newest first. */
export function comments(ratings) {
  const said = ratings.filter(({ comment }) => comment);
  if (!said.length) return nothing();
  const item = ({ stars, comment, at, conversation, agent }) =>
    el(
      "li",
      {},
      el(
        "p",
        { class: "head" },
        el("span", { class: "mean" }, icon("star"), `${stars} / 5`),
        el("span", { class: "muted" }, agent?.name ?? agent ?? t.authors.bot),
        el("a", { href: addressOf(conversation) }, el("time", { datetime: at }, brief(at))),
      ),
      el("p", {}, comment),
    );
  return el("ul", { class: "comments" }, ...said.slice(0, 12).map(item));
}

function nothing() {
  return el("p", { class: "muted none" }, t.figures.nothing);
}
