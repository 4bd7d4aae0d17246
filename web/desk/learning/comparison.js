/** How well two models understand the held-out messages, side by side. */

import { number, percent } from "../core/format.js";
import { t } from "../texts.js";
import { el } from "../ui/elements.js";
import { table } from "../ui/page.js";

const OUTCOMES = ["right", "offered", "missed", "declined", "wrong"];
const GOOD = new Set(["right"]);

/** @param {object} figures numbers of messages: `count`, and each outcome by its name */
export function outcomes(caption, figures) {
  const rows = OUTCOMES.filter((name) => name in figures).map((name) => ({
    name,
    value: figures[name] / figures.count,
  }));
  return table(
    caption,
    [
      { head: t.outcomes.head(number(figures.count)), cell: ({ name }) => t.outcomes[name] },
      { head: t.outcomes.share, kind: "number", cell: ({ value }) => percent(value, 1) },
    ],
    rows,
  );
}

export function comparison(caption, before, after) {
  const rows = OUTCOMES.filter((name) => name in before && name in after).map((name) => ({
    name,
    was: before[name] / before.count,
    is: after[name] / after.count,
  }));
  return table(
    caption,
    [
      { head: t.outcomes.head(number(after.count)), cell: ({ name }) => t.outcomes[name] },
      { head: t.outcomes.before, kind: "number", cell: ({ was }) => percent(was, 1) },
      { head: t.outcomes.after, kind: "number", cell: ({ is }) => percent(is, 1) },
      { head: t.outcomes.change, kind: "number", cell: (row) => change(row) },
    ],
    rows,
  );
}

function change({ name, was, is }) {
  const points = Math.round((is - was) * 1000) / 10;
  if (points === 0) return el("span", { class: "muted" }, "±0");
  const better = GOOD.has(name) === points > 0;
  const neutral = name === "offered";
  return el(
    "span",
    { class: neutral ? "" : better ? "better" : "worse" },
    `${points > 0 ? "+" : "−"}${number(Math.abs(points), 1)}`,
  );
}
