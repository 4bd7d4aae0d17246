/** Ranges of days that are asked for again and again. */

import { isoDay } from "../core/format.js";

/** @returns {Record<string, {from: string, to: string}>} as of today */
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
