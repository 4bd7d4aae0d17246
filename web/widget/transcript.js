/** The conversation as a text file, made by the browser. */

import { el } from "./dom.js";
import { authorOf } from "./message.js";

/** @returns {string} a head, then each message under its time and author; notices between lines */
export function transcriptOf(messages, texts) {
  const entries = messages.map((message) => {
    const at = new Date(message.at).toLocaleString(texts.tag, { dateStyle: "medium", timeStyle: "short" });
    return message.from === "notice" ? `(${at}) ${message.text}` : `${at}, ${authorOf(message, texts)}:\n${message.text}`;
  });
  return `${[texts.transcript(texts.title), ...entries].join("\n\n")}\n`;
}

/** Lets the browser save it. */
export function save(messages, texts) {
  const file = new Blob([transcriptOf(messages, texts)], { type: "text/plain;charset=utf-8" });
  const url = URL.createObjectURL(file);
  el("a", { href: url, download: `${texts.transcriptFile}-${messages.at(-1).at.slice(0, 10)}.txt` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000); // some browsers fetch it late
}
