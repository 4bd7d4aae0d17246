/** One message, note or day in the stream. */

import { sanitise } from "/widget/sanitise.js";
import { day, percent, time } from "../core/format.js";
import { t } from "../texts.js";
import { button, el } from "../ui/elements.js";
import { icon } from "../ui/icons.js";
import { fileList } from "./files.js";

const MARKS = { queued: "clock", sent: "sent", delivered: "delivered", read: "delivered", failed: "warning" };

export class Entry {
  element = el("li", { class: "entry" });
  #doers;
  #bubble = el("div", { class: "bubble" });
  #files = el("div", { class: "attached" });
  #foot = el("div", { class: "foot", "aria-live": "off" });
  #begun = false;
  #shown = "";

  constructor(doers) {
    this.#doers = doers;
  }

  show(entry) {
    if (!this.#begun) this.#begin(entry);
    this.element.classList.toggle("follows", entry.follows);
    const shown = JSON.stringify([
      entry.delivery,
      entry.error,
      entry.decision,
      entry.titles,
      entry.confidence,
      entry.rating,
      entry.isLast,
      entry.attachments,
    ]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.element.classList.toggle(
      "failed",
      entry.delivery === "failed" || Boolean(entry.kind === "pending" && entry.error),
    );
    this.#showFiles(entry.attachments ?? []);
    this.#foot.replaceChildren(...this.#footOf(entry).filter(Boolean));
  }

  #begin(entry) {
    this.#begun = true;
    this.element.classList.add(entry.kind, ...(entry.from ? [entry.from] : []));
    if (entry.kind === "day") return this.element.append(el("span", {}, day(entry.at)));
    if (entry.from === "notice")
      return this.element.append(
        el("p", { class: "notice-text" }, contentOf(entry), el("time", { datetime: entry.at }, time(entry.at))),
      );
    this.#bubble.classList.toggle("plain", !entry.html);
    this.#bubble.append(contentOf(entry));
    this.element.append(
      head(entry, this.#doers.customer()),
      this.#bubble,
      ...offered(entry),
      this.#files,
      this.#foot,
    );
  }

  /** Their message says nothing but their names. */
  #showFiles(files) {
    this.#bubble.hidden = files.length > 0;
    this.#files.replaceChildren(...(files.length ? [fileList(files, this.#doers.file)] : []));
  }

  #footOf(entry) {
    if (entry.kind === "pending") return this.#pending(entry);
    if (entry.from === "customer") return [understood(entry)];
    if (entry.from === "agent") return [delivery(entry), entry.delivery === "failed" ? this.#retry(entry) : null];
    return entry.rating ? [rated(entry)] : [];
  }

  #retry({ seq }) {
    return button(t.retry, () => this.#doers.retry(seq), { icon: "retry", kind: "quiet" });
  }

  #pending(entry) {
    if (!entry.error)
      return [el("span", { class: "delivery", "data-delivery": "pending" }, icon("clock"), t.delivery.pending)];
    const reason = el(
      "span",
      { class: "delivery", "data-delivery": "failed" },
      icon("warning"),
      t.delivery.refused(entry.error),
    );
    const again = button(t.retry, () => this.#doers.again(entry), { icon: "retry", kind: "quiet" });
    return [reason, again, button(t.backToBox, () => this.#doers.drop(entry), { icon: "edit", kind: "quiet" })];
  }
}

function contentOf({ html, text }) {
  return html ? sanitise(html) : text;
}

/** @param {string} customer what the customer is called */
function head(entry, customer) {
  const author =
    entry.agent?.name ??
    { customer, agent: entry.kind === "pending" ? t.you : t.authors.agent, bot: t.authors.bot }[entry.from];
  const note = entry.kind === "note" ? el("span", { class: "note-mark" }, icon("note"), t.internal) : null;
  return el(
    "p",
    { class: "head" },
    el("span", { class: "author" }, author),
    note,
    el("time", { datetime: entry.at }, time(entry.at)),
  );
}

/** The choices that the bot offered. */
function offered({ buttons }) {
  if (!buttons?.length) return [];
  return [el("ul", { class: "offered", "aria-label": t.offered }, ...buttons.map(({ title }) => el("li", {}, title)))];
}

/** What the bot made of the customer's words. */
function understood({ decision, titles = [], labels = [], confidence }) {
  if (!decision) return null;
  const what = labels.map((label, at) => t.intents[label] ?? titles[at] ?? label).join(" · ");
  const sure = Number.isFinite(confidence) && decision !== "decline" ? percent(confidence) : "";
  return el(
    "p",
    { class: "understood", "data-decision": decision },
    icon("bot"),
    el("span", { class: "decision" }, t.decisions[decision]),
    what ? el("span", { class: "what" }, what) : null,
    sure ? el("span", { class: "sure" }, sure) : null,
  );
}

function delivery({ delivery: state, error, isLast }) {
  if (!state) return null;
  const words = state === "failed" && error ? t.delivery.failedBecause(error) : t.delivery[state];
  const text = el("span", { class: isLast || state === "failed" ? "" : "hidden" }, words);
  return el("span", { class: "delivery", "data-delivery": state, title: words }, icon(MARKS[state]), text);
}

function rated({ rating }) {
  const good = rating > 3;
  return el("p", { class: "rated" }, icon(good ? "thumbUp" : "thumbDown"), good ? t.helped : t.helpedNot);
}
