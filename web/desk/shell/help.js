/** The overlay that lists the shortcuts. */

import { hasSingleKeys, setSingleKeys } from "../core/shortcuts.js";
import { t } from "../texts.js";
import { openDialog } from "../ui/dialog.js";
import { choice, el, keycaps, on } from "../ui/elements.js";

export function showHelp() {
  const groups = Object.values(t.help.groups).map(({ title, keys }) => group(title, keys));
  const single = on(choice(t.help.single, { checked: hasSingleKeys(), detail: t.help.singleDetail }), {
    change: ({ target }) => setSingleKeys(target.checked),
  });
  openDialog(t.help.title, el("div", { class: "dialog-body" }, el("div", { class: "shortcuts" }, ...groups), single), {
    wide: true,
  });
}

function group(title, keys) {
  const rows = Object.entries(keys).map(([key, what]) => el("div", {}, el("dt", {}, keycaps(key)), el("dd", {}, what)));
  return el("section", {}, el("h3", {}, title), el("dl", {}, ...rows));
}
