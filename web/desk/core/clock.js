/** The server's time, and waiting times that tick. */

import { waited } from "./format.js";

const LATE = 3 * 60_000;
const VERY_LATE = 10 * 60_000;

/** Milliseconds that the server is ahead of this machine, whose clock may be wrong. */
let ahead = 0;

/** @param {string | null} header the `Date` of an answer, in whole seconds */
export function learnTime(header) {
  const told = Date.parse(header ?? "");
  if (Number.isNaN(told)) return;
  const difference = told + 500 - Date.now();
  if (Math.abs(difference - ahead) > 1500) ahead = difference;
}

export function now() {
  return Date.now() + ahead;
}

/** Lets `element` say how long ago `since` is, second by second. */
export function tickSince(element, since) {
  element.dataset.since = since;
  show(element);
}

export function startClock() {
  setInterval(() => document.querySelectorAll("[data-since]").forEach(show), 1000);
}

function show(element) {
  const passed = Math.max(0, now() - Date.parse(element.dataset.since));
  const text = waited(passed);
  if (element.textContent !== text) element.textContent = text;
  element.dataset.level = passed > VERY_LATE ? "very-late" : passed > LATE ? "late" : "calm";
}
