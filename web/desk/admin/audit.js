/** Who read and did what. */

import { dateTime } from "../core/format.js";
import { addressOf } from "../core/router.js";
import { t } from "../texts.js";
import { button, el } from "../ui/elements.js";
import { card, fill, table } from "../ui/page.js";

const PAGE = 50;

export class AuditLog {
  element;
  #desk;
  #router;
  #place = el("div");

  constructor(desk, router) {
    this.#desk = desk;
    this.#router = router;
    this.element = card(t.admin.parts.audit, [el("p", { class: "muted" }, t.audit.lead), this.#place]);
  }

  enter(query) {
    const number = Number(query.get("page") ?? 1);
    return fill(
      this.#place,
      () => this.#desk.api.get("audit", { page: number }),
      ({ entries, more = entries.length === PAGE }) => [log(entries), this.#pages(number, more)],
    );
  }

  #pages(number, more) {
    const step = (label, drawing, to, possible) =>
      button(label, () => this.#router.go(`/desk/admin?part=audit&page=${to}`), { icon: drawing, disabled: !possible });
    return el(
      "nav",
      { class: "pages", "aria-label": t.pages.label },
      step(t.pages.newer, "left", number - 1, number > 1),
      el("span", { class: "muted" }, t.pages.page(number)),
      step(t.pages.olderOnes, "right", number + 1, more),
    );
  }
}

function log(entries) {
  return table(
    t.admin.parts.audit,
    [
      { head: t.audit.at, cell: ({ at }) => dateTime(at), kind: "when" },
      { head: t.audit.agent, cell: ({ agent }) => agent?.name ?? agent ?? t.audit.nobody },
      { head: t.audit.action, cell: ({ action }) => t.audit.actions[action] ?? action },
      {
        head: t.audit.conversation,
        cell: ({ conversation }) =>
          conversation ? el("a", { href: addressOf(conversation) }, conversation.slice(-6)) : "–",
      },
      { head: t.audit.subject, cell: ({ subject }) => subject, kind: "words" },
      { head: t.audit.source, cell: ({ source }) => source },
    ],
    entries,
  );
}
