/** What the customer attached to a message: pictures to look at, other files to download, and what was not kept. */

import { fileSize } from "../core/format.js";
import { t } from "../texts.js";
import { el } from "../ui/elements.js";
import { icon } from "../ui/icons.js";

const PICTURES = ["image/png", "image/jpeg", "image/gif", "image/webp"];

/**
 * @param {object[]} files `attachment` of the protocol
 * @param {(id: number) => string} address where the server has one
 */
export function fileList(files, address) {
  const items = files.map((file) => el("li", { class: `file ${file.state}` }, ...contentOf(file, address(file.id))));
  return el("ul", { class: "files", "aria-label": t.files.label }, ...items);
}

function contentOf(file, url) {
  if (file.state !== "kept") {
    const state = el("span", { class: "file-state" }, t.files.states[file.state](file.reason));
    return [icon(file.state === "waiting" ? "clock" : "warning"), name(file), state];
  }
  const picture = PICTURES.includes(file.type)
    ? el("img", { class: "picture", src: url, alt: t.files.picture(file.name), loading: "lazy" })
    : null;
  const link = el(
    "a",
    { class: "file-link", href: url, download: file.name, title: t.files.download(file.name) },
    icon("download"),
    name(file),
    el("span", { class: "file-state" }, fileSize(file.size)),
  );
  return [picture, link];
}

function name(file) {
  return el("span", { class: "file-name" }, file.name);
}
