/** Shortcuts of the keyboard: Alt and a key, and `?` alone, which can be switched off. */

import { Store } from "/widget/store.js";

const store = new Store("desk");

/** Whether single keys do something: those who dictate may not want it (WCAG 2.1.4). */
export function hasSingleKeys() {
  return store.get("single-keys", true);
}

export function setSingleKeys(on) {
  store.set("single-keys", on);
}

export class Shortcuts {
  #acts = new Map();

  constructor() {
    document.addEventListener("keydown", (event) => this.#key(event));
  }

  /** @param {Record<string, () => void>} acts by `Alt+N`, `Alt+1`, `Alt+ArrowUp` or `?` */
  add(acts) {
    for (const [keys, act] of Object.entries(acts)) this.#acts.set(keys, act);
  }

  #key(event) {
    const act = this.#acts.get(nameOf(event));
    if (!act || event.defaultPrevented || document.querySelector("dialog:modal")) return;
    event.preventDefault();
    act();
  }
}

/** By the place of the key, as Alt changes the sign on some systems; AltGr, which types signs, is none of ours. */
function nameOf(event) {
  if (["Control", "Meta", "AltGraph"].some((key) => event.getModifierState(key)) || event.isComposing) return null;
  if (event.altKey) return `Alt+${event.code.replace(/^(Key|Digit|Numpad)/, "")}`;
  return event.key === "?" && isSingleKey(event) ? "?" : null;
}

function isSingleKey({ target }) {
  return hasSingleKeys() && !isWriting(target);
}

function isWriting(element) {
  return element.matches?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
}
