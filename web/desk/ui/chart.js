/** Columns over days and bars, drawn as SVG by ourselves; what they show can be read as a table, too. */

import { t } from "../texts.js";
import { el, on } from "./elements.js";
import { table } from "./page.js";

const SVG = "http://www.w3.org/2000/svg";
const HEIGHT = 208;
const PAD = { top: 10, right: 4, bottom: 24, left: 40 };
const WIDEST_COLUMN = 44;
const LABEL_WIDTH = 58;

function svg(name, attributes, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/**
 * Stacked columns.
 * @param {{label: string, head: string, names: string[], series: {name: string, kind: string, values: number[]}[], format: (value: number) => string}} chart
 *   `names` of the columns; `kind` names a colour of the sheet: first, second, third
 */
export function columnChart({ label, head, names, series, format }) {
  const drawing = svg("svg", {
    class: "chart",
    role: "img",
    "aria-label": t.chart.summary(label, names.length),
    height: HEIGHT,
  });
  const tip = el("div", { class: "tip", hidden: true, "aria-hidden": "true" });
  const frame = el("div", { class: "chart-frame" }, drawing, tip);
  const chart = {
    names,
    series,
    format,
    totals: names.map((_, at) => series.reduce((sum, { values }) => sum + values[at], 0)),
  };
  new ResizeObserver(([{ contentRect }]) => draw(drawing, contentRect.width, chart)).observe(frame);
  on(frame, { pointermove: (event) => showTip(tip, event, chart), pointerleave: () => (tip.hidden = true) });
  const legend = el(
    "ul",
    { class: "legend", "aria-hidden": "true" },
    ...series.map(({ name, kind }) => el("li", {}, el("span", { class: `key ${kind}` }), name)),
  );
  const columns = [
    { head, cell: ({ name }) => name },
    ...series.map(({ name, values }) => ({ head: name, kind: "number", cell: ({ at }) => format(values[at]) })),
  ];
  const rows = names.map((name, at) => ({ name, at }));
  const numbers = el("details", { class: "numbers" }, el("summary", {}, t.chart.asTable), table(label, columns, rows));
  return el("figure", { class: "figure" }, series.length > 1 ? legend : null, frame, numbers);
}

function draw(drawing, width, { names, series, totals, format }) {
  if (width < 1) return;
  drawing.setAttribute("width", width);
  drawing.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
  const scale = scaleFor(Math.max(1, ...totals));
  const inner = { width: width - PAD.left - PAD.right, height: HEIGHT - PAD.top - PAD.bottom };
  const y = (value) => PAD.top + inner.height * (1 - value / scale.top);
  const step = inner.width / names.length;
  drawing.replaceChildren(
    ...scale.ticks.flatMap((tick) => gridLine(width, y(tick), format(tick))),
    ...names.flatMap((name, at) => column({ at, step, y, series })),
    ...dayLabels(names, step),
  );
}

function gridLine(width, y, text) {
  return [
    svg("line", { class: "grid", x1: PAD.left, x2: width - PAD.right, y1: y, y2: y }),
    svg("text", { class: "axis", x: PAD.left - 8, y: y + 4, "text-anchor": "end" }, text),
  ];
}

function column({ at, step, y, series }) {
  const width = Math.max(2, Math.min(WIDEST_COLUMN, step * 0.66));
  const x = PAD.left + step * (at + 0.5) - width / 2;
  let base = 0;
  return series.map(({ kind, values }) => {
    const from = base;
    base += values[at];
    return svg("rect", {
      class: `series ${kind}`,
      x,
      y: y(base),
      width,
      height: Math.max(0, y(from) - y(base)),
      rx: Math.min(2, width / 4),
    });
  });
}

function dayLabels(names, step) {
  const every = Math.ceil(LABEL_WIDTH / step);
  return names.flatMap((name, at) =>
    at % every
      ? []
      : [svg("text", { class: "axis", x: PAD.left + step * (at + 0.5), y: HEIGHT - 6, "text-anchor": "middle" }, name)],
  );
}

/** Round numbers from zero to above the highest, about four of them. */
function scaleFor(highest) {
  const rough = highest / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, [1, 2, 5, 10].find((one) => one * power >= rough) * power);
  const top = Math.ceil(highest / step) * step;
  return { top, ticks: Array.from({ length: Math.round(top / step) + 1 }, (_, at) => at * step) };
}

function showTip(tip, { currentTarget, clientX }, { names, series, totals, format }) {
  const { left, width } = currentTarget.getBoundingClientRect();
  const at = Math.floor(((clientX - left - PAD.left) / (width - PAD.left - PAD.right)) * names.length);
  tip.hidden = !names[at];
  if (tip.hidden) return;
  const lines = series.map(({ name, kind, values }) =>
    el("span", {}, el("span", { class: `key ${kind}` }), `${name}: ${format(values[at])}`),
  );
  tip.replaceChildren(
    el("strong", {}, names[at]),
    ...lines,
    ...(series.length > 1 ? [el("span", {}, `${t.chart.total}: ${format(totals[at])}`)] : []),
  );
  tip.style.left = `${Math.min(Math.max(clientX - left, 90), width - 90)}px`;
}

/** Bars, one below the other, each with its words and its number. @param {{name: string | Node, value: number, text: string}[]} rows */
export function barChart(label, rows) {
  const highest = Math.max(1, ...rows.map(({ value }) => value));
  return el(
    "ol",
    { class: "bars", "aria-label": label },
    ...rows.map(({ name, value, text }) =>
      el(
        "li",
        {},
        el("span", { class: "bar-name" }, name),
        el("span", { class: "bar-value" }, text),
        bar(value / highest),
      ),
    ),
  );
}

function bar(share) {
  const place = { x: 0, y: 0, height: 6, rx: 3 };
  return svg(
    "svg",
    { class: "bar-line", "aria-hidden": "true", height: 6, width: "100%" },
    svg("rect", { class: "bar-back", ...place, width: "100%" }),
    svg("rect", { class: "series first", ...place, width: `${Math.max(1, share * 100)}%` }),
  );
}
