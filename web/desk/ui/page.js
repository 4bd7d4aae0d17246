/** What all pages beside the conversations have in common: a heading, a body, and telling what failed. */

import { t } from "../texts.js";
import { button, el, empty, loading } from "./elements.js";
import { reasonOf } from "./toast.js";

export function page(title, { actions = [], content = [], kind = "" } = {}) {
  const head = el(
    "header",
    { class: "page-head" },
    el("h1", { tabindex: "-1" }, title),
    el("div", { class: "page-actions" }, ...actions),
  );
  return el("div", { class: `page ${kind}` }, head, ...content);
}

/** A panel with a heading of its own. */
export function card(title, content, { actions = [], kind = "" } = {}) {
  const head = el("header", { class: "card-head" }, el("h2", {}, title), ...actions);
  return el("section", { class: `card ${kind}` }, head, ...content);
}

/**
 * Fills `place` with what `make` makes of what `load` brings: the spinner before, the reason and a way to try again if it fails.
 * Of two calls the later one counts.
 */
export async function fill(place, load, make) {
  const turn = (turns.get(place) ?? 0) + 1;
  turns.set(place, turn);
  if (!place.firstChild) place.append(loading(t.loading));
  place.setAttribute("aria-busy", "true");
  const nodes = await load()
    .then(make)
    .catch((error) => [failure(error, () => fill(place, load, make))]);
  if (turns.get(place) !== turn) return;
  place.replaceChildren(...nodes);
  place.removeAttribute("aria-busy");
}

const turns = new WeakMap();

function failure(error, again) {
  return el(
    "div",
    { class: "failure", role: "alert" },
    empty(t.errors.notLoaded, reasonOf(error), "warning"),
    button(t.retry, again, { icon: "retry" }),
  );
}

/**
 * A table that scrolls in itself.
 * @param {string} caption read out, not shown
 * @param {{head: string, cell: (row: object) => Node | string | number | null, kind?: string}[]} columns
 */
export function table(caption, columns, rows) {
  const cells = (row) =>
    columns.map(({ cell, kind = "" }, at) =>
      el(at ? "td" : "th", { class: kind, scope: at ? false : "row" }, asNode(cell(row))),
    );
  return el(
    "div",
    { class: "table", role: "region", "aria-label": caption, tabindex: "0" },
    el(
      "table",
      {},
      el("caption", { class: "hidden" }, caption),
      el(
        "thead",
        {},
        el("tr", {}, ...columns.map(({ head, kind = "" }) => el("th", { scope: "col", class: kind }, head))),
      ),
      el("tbody", {}, ...rows.map((row) => el("tr", {}, ...cells(row)))),
    ),
  );
}

function asNode(value) {
  return value instanceof Node ? value : String(value ?? "–");
}
