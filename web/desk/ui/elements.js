/** The small parts that every view is made of. */

import { el, hidden } from "/widget/dom.js";
import { icon } from "./icons.js";
import { failed } from "./toast.js";

export { el, hidden };

/** Attach handlers: `on(element, { click: fn })`. */
export function on(element, handlers) {
  for (const [kind, handler] of Object.entries(handlers)) element.addEventListener(kind, handler);
  return element;
}

/**
 * A button that is busy for as long as `act` is, and tells of its failure.
 * @param {{icon?: string, kind?: "primary" | "plain" | "quiet" | "danger", bare?: boolean, keys?: string}} look
 *   `bare` shows the icon alone; `keys` is a shortcut as in aria-keyshortcuts
 */
export function button(label, act, { icon: drawing, kind = "plain", bare = false, keys, ...attributes } = {}) {
  const text = bare ? hidden(label) : el("span", { class: "label" }, label);
  const element = el(
    "button",
    {
      type: "button",
      class: `button ${kind}${bare ? " bare" : ""}`,
      title: titleOf(label, bare, keys),
      "aria-keyshortcuts": keys,
      ...attributes,
    },
    drawing ? icon(drawing) : null,
    text,
  );
  return on(element, { click: (event) => whileBusy(element, () => act(event)) });
}

/** Marks the element as busy until the promise is settled; a failure is told, not thrown. */
export async function whileBusy(element, act) {
  if (element.getAttribute("aria-disabled") === "true") return;
  try {
    const result = act();
    if (!(result instanceof Promise)) return;
    element.setAttribute("aria-disabled", "true");
    await result;
  } catch (error) {
    failed(error);
  } finally {
    element.removeAttribute("aria-disabled");
  }
}

let fields = 0;

/** A label with its control, and a hint beneath it. */
export function field(label, control, { hint, kind = "" } = {}) {
  control.id ||= `field-${++fields}`;
  const note = hint ? el("p", { class: "hint", id: `${control.id}-hint` }, hint) : null;
  if (note) control.setAttribute("aria-describedby", note.id);
  return el("div", { class: `field ${kind}` }, el("label", { for: control.id }, label), control, note);
}

/** A native select. @param {[value: string, label: string][]} options */
export function select(options, chosen, attributes = {}) {
  const choices = options.map(([value, label]) => el("option", { value, selected: value === chosen }, label));
  return el("select", attributes, ...choices);
}

/** A checkbox or a radio with its label around it. */
export function choice(label, { type = "checkbox", detail, ...attributes } = {}) {
  const words = el("span", { class: "words" }, label, detail ? el("span", { class: "detail" }, detail) : null);
  return el("label", { class: "choice" }, el("input", { type, ...attributes }), words);
}

/** A short mark, such as a channel or a reason. */
export function chip(text, kind = "", drawing) {
  return el("span", { class: `chip ${kind}` }, drawing ? icon(drawing) : null, text);
}

/** What stands where there is nothing. */
export function empty(title, text, drawing = "empty") {
  return el(
    "div",
    { class: "empty" },
    icon(drawing),
    el("p", { class: "empty-title" }, title),
    text ? el("p", {}, text) : null,
  );
}

/** What stands where something is on its way. */
export function loading(text) {
  return el("p", { class: "loading", role: "status" }, el("span", { class: "spinner", "aria-hidden": "true" }), text);
}

/** `<kbd>` for each key of a shortcut such as `Alt+N`. */
export function keycaps(keys) {
  return el("span", { class: "keycaps" }, ...keys.split("+").map((key) => el("kbd", {}, key)));
}

function titleOf(label, bare, keys) {
  if (keys) return `${label} (${keys})`;
  return bare ? label : undefined;
}
