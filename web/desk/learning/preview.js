/** What the changes will do to the FAQ's files, before they are published. */

import { t } from "../texts.js";
import { ask } from "../ui/dialog.js";
import { el } from "../ui/elements.js";

const KINDS = { "+": "added", "-": "removed", "@": "place" };

/**
 * Admins publish, others propose.
 * @returns {Promise<{job?: object} | null>} null when the editor left
 */
export async function preview(desk, changes) {
  const { diff, findings } = await desk.api.post("learning/preview", { changes });
  const { lead, confirm, act } = desk.isAdmin
    ? { ...t.preview.publish, act: "publish" }
    : { ...t.preview.propose, act: "propose" };
  return ask({
    title: t.preview.title,
    confirm,
    wide: true,
    possible: findings.length === 0,
    content: [
      el("p", {}, lead),
      ...complaints(findings),
      diff ? diffView(diff) : el("p", { class: "muted" }, t.preview.nothing),
    ],
    submit: () => desk.api.post(`learning/${act}`, { changes }),
  });
}

function complaints(findings) {
  if (!findings.length) return [];
  return [
    el(
      "div",
      { class: "findings", role: "alert" },
      el("p", { class: "strong" }, t.preview.findings(findings.length)),
      el("ul", {}, ...findings.map((finding) => el("li", {}, finding))),
    ),
  ];
}

/** Each line says by a word what its colour says. */
function diffView(diff) {
  const lines = diff
    .replace(/\n$/, "")
    .split("\n")
    .map((line) => {
      const isFile = /^(\+\+\+|---) /.test(line);
      const kind = isFile ? "file" : KINDS[line[0]];
      const word = isFile ? null : t.preview.kinds[kind];
      return el(
        "span",
        { class: `diff-line ${kind ?? ""}` },
        word ? el("span", { class: "hidden" }, `${word}: `) : null,
        `${line || " "}\n`,
      );
    });
  return el(
    "div",
    { class: "diff", role: "region", "aria-label": t.preview.diff, tabindex: "0" },
    el("pre", {}, ...lines),
  );
}
