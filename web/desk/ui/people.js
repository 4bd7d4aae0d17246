/** How an agent is shown: initials, and whether they are there. */

import { t } from "../texts.js";
import { el } from "./elements.js";

const TITLES = new Set(["Frau", "Herr", "Dr.", "Prof.", "Ms", "Mr", "Mrs"]);

/** A round with initials, and a dot for the presence. Says nothing to screen readers. */
export function avatar({ name, presence }) {
  const dot = presence ? el("span", { class: "dot", "data-presence": presence }) : null;
  return el("span", { class: "avatar", "aria-hidden": "true" }, initials(name), dot);
}

/** The presence as a word with its dot. */
export function presenceMark(presence) {
  return el(
    "span",
    { class: "presence" },
    el("span", { class: "dot", "data-presence": presence, "aria-hidden": "true" }),
    t.presence[presence],
  );
}

function initials(name) {
  const words = name.split(/\s+/).filter((word) => word && !TITLES.has(word));
  const [first = name, last = ""] = [words[0], words.length > 1 ? words.at(-1) : words[0]?.slice(1, 2)];
  return (first.slice(0, 1) + last.slice(0, 1)).toUpperCase();
}
