/** Short messages at the edge of the page: what was done, and what failed. */

import { el } from "/widget/dom.js";
import { Refused, Unreachable } from "../core/api.js";
import { t } from "../texts.js";

const STAYS = 5_000;
const FAILURE_STAYS = 10_000;

const region = el("div", { class: "toasts" });
const status = el("div", { role: "status" });
const alerts = el("div", { role: "alert" });
region.append(status, alerts);

/** Once, before anything is said. */
export function startToasts() {
  document.body.append(region);
}

export function done(text) {
  show(status, text, STAYS);
}

/** Says what went wrong; a session that is over says so itself. */
export function failed(error) {
  if (error instanceof Refused && error.status === 401) return;
  if (!(error instanceof Refused || error instanceof Unreachable)) console.error(error);
  show(alerts, reasonOf(error), FAILURE_STAYS);
}

/** Something that the agent filled in does not fit; the message says what, in the agent's language. */
export class Unfit extends Error {}

/** An error in the agent's words. */
export function reasonOf(error) {
  if (error instanceof Unfit) return error.message;
  if (error instanceof Unreachable) return t.errors.unreachable;
  if (!(error instanceof Refused)) return t.errors.unexpected;
  return t.errors[error.code] ?? t.errors.other(error.message);
}

function show(place, text, stays) {
  const toast = el("p", { class: "toast" }, text);
  place.append(toast);
  // In a modal dialog the page beneath cannot be read: the region joins the dialog.
  (document.querySelector("dialog:modal") ?? document.body).append(region);
  setTimeout(() => toast.remove(), stays);
}
