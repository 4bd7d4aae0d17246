/** Ranges of days, on this machine's calendar. */

import { isoDay } from "../core/format.js";

/** Those that are asked for again and again. @returns {Record<string, {from: string, to: string}>} as of today */
export function presets() {
  const today = new Date();
  const [year, month, date] = [today.getFullYear(), today.getMonth(), today.getDate()];
  const range = (from, to) => ({ from: isoDay(from), to: isoDay(to) });
  return {
    today: range(today, today),
    week: range(new Date(year, month, date - 6), today),
    month: range(new Date(year, month, date - 29), today),
    thisMonth: range(new Date(year, month, 1), today),
    lastMonth: range(new Date(year, month - 1, 1), new Date(year, month, 0)),
  };
}

/** All of them, from the first to the last. @returns {string[]} */
export function daysBetween(from, to) {
  const days = [];
  // At noon no change of clocks moves a date.
  for (const date = new Date(`${from}T12:00`); isoDay(date) <= to; date.setDate(date.getDate() + 1))
    days.push(isoDay(date));
  return days;
}
