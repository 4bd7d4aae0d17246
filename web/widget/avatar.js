/** The picture of who writes: a letter for the bot, initials for a person. */

import { el, icon } from "./dom.js";

const TITLES = /^(Frau|Herr|Dr|Prof|Mr|Mrs|Ms)\.?$/i;

/** @param {string | null} agent a person's name; null for the bot */
export function avatar(agent) {
  return el("span", { class: agent ? "mark person" : "mark", "aria-hidden": "true" }, agent ? initials(agent) : icon("letter"));
}

/** "Frau Berger" is B, "Anna von Berger" is AB. */
function initials(name) {
  const words = name.split(/\s+/).filter((word) => word && !TITLES.test(word));
  return [words[0], words.length > 1 ? words.at(-1) : ""].map((word) => [...(word ?? "")][0] ?? "").join("").toUpperCase();
}
