/**
 * Everything that the desk says, in the agent's language.
 *
 * The tables hold pairs: German first, English beside it; a text with something to fill in is a function.
 */

import { admin } from "./texts/admin.js";
import { learning } from "./texts/learning.js";
import { pages } from "./texts/pages.js";
import { shell } from "./texts/shell.js";
import { talk } from "./texts/talk.js";

const TABLE = { ...shell, ...talk, ...pages, ...learning, ...admin };
const LANGUAGES = ["de", "en"];

/** The texts; empty until `speak` was called. */
export const t = {};

/** @param {string} language `de`, `en`, or a tag such as `en-GB`; what is neither is German */
export function speak(language) {
  const place = Math.max(0, LANGUAGES.indexOf(language?.slice(0, 2).toLowerCase()));
  Object.assign(t, chosen(TABLE, place));
}

function chosen(table, place) {
  return Object.fromEntries(
    Object.entries(table).map(([name, value]) => [name, Array.isArray(value) ? value[place] : chosen(value, place)]),
  );
}
