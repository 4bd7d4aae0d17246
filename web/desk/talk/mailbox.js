/** One mailbox in the side panel: how full it is, and its tickets. */

import { dateTime } from "../core/format.js";
import { t } from "../texts.js";
import { button, chip, el } from "../ui/elements.js";
import { icon } from "../ui/icons.js";

/**
 * @param {object} mailbox as `…/customer` answers
 * @param {() => Promise} restore opens the form for a restore ticket; null for who may not
 */
export function mailboxCard(mailbox, restore) {
  const { address, proven, quota, error, tickets } = mailbox;
  const mark = proven ? null : chip(t.customer.notTheirs, "warn");
  return el(
    "article",
    { class: "mailbox", "aria-label": address },
    el("p", { class: "mailbox-name" }, el("span", { class: "strong" }, address), mark),
    quota ? quotaBar(quota) : el("p", { class: "problem" }, error ?? t.customer.noQuota),
    ticketList(tickets),
    restore ? button(t.restore.open, restore, { icon: "restore" }) : null,
  );
}

/** The browser's own meter knows no style that all of them share. */
function quotaBar({ share, text }) {
  if (share === null) return el("p", { class: "quota-text" }, text); // without a limit there is nothing to fill
  const bar = el("span", { class: "quota-fill" });
  const level = share >= 0.95 ? "full" : share >= 0.8 ? "high" : "fine";
  bar.style.setProperty("--share", String(Math.min(1, share)));
  const meter = el(
    "div",
    {
      class: "quota-bar",
      role: "meter",
      "aria-label": t.customer.quota,
      "aria-valuemin": "0",
      "aria-valuemax": "100",
      "aria-valuenow": String(Math.round(share * 100)),
      "aria-valuetext": text,
    },
    bar,
  );
  return el(
    "div",
    { class: "quota", "data-level": level },
    meter,
    el("p", { class: "quota-text", "aria-hidden": "true" }, text),
  );
}

function ticketList(tickets) {
  if (!tickets.length) return el("p", { class: "muted" }, t.customer.noTickets);
  return el("ul", { class: "tickets", "aria-label": t.customer.tickets }, ...tickets.map(ticketItem));
}

function ticketItem({
  number,
  state,
  state_text: text,
  folder,
  point,
  target,
  kind,
  opened_at: opened,
  reference,
  delivery,
}) {
  const what =
    kind === "message"
      ? t.customer.message
      : [folder ?? t.restore.whole, t.restore.asOf(dateTime(point)), t.restore.targets[target]].join(" · ");
  const where = reference ? t.customer.reference(reference) : t.customer.deliveries[delivery];
  return el(
    "li",
    { class: "ticket" },
    el(
      "p",
      { class: "ticket-top" },
      icon("ticket"),
      el("span", { class: "strong" }, number),
      chip(text ?? t.states[state], `state ${state}`),
    ),
    el("p", { class: "detail" }, what),
    el(
      "p",
      { class: `detail${delivery === "dead" ? " bad" : ""}` },
      `${t.customer.openedAt(dateTime(opened))}${where ? ` · ${where}` : ""}`,
    ),
  );
}
