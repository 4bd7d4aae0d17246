/** What could not be delivered: messages, tickets, mails, events of other systems; each can be tried again. */

import { dateTime } from "../core/format.js";
import { addressOf } from "../core/router.js";
import { t } from "../texts.js";
import { button, el, empty } from "../ui/elements.js";
import { card, fill, table } from "../ui/page.js";
import { done } from "../ui/toast.js";

const KINDS = ["messages", "tickets", "mails", "events"];

export class DeadLetters {
  element;
  #desk;
  #place = el("div");

  constructor(desk) {
    this.#desk = desk;
    const refresh = button(t.refresh, () => this.enter(), { icon: "retry" });
    this.element = card(t.admin.parts.dead, [el("p", { class: "muted" }, t.dead.lead), this.#place], {
      actions: [refresh],
    });
  }

  enter() {
    return fill(
      this.#place,
      () => this.#desk.api.get("dead-letters"),
      (letters) => {
        const parts = KINDS.filter((kind) => letters[kind]?.length).map((kind) => this.#part(kind, letters[kind]));
        return parts.length ? parts : [empty(t.dead.none, t.dead.noneHint, "done")];
      },
    );
  }

  #part(kind, letters) {
    const columns = [
      { head: t.dead.what, cell: ({ what }) => what, kind: "words" },
      { head: t.dead.error, cell: ({ error }) => el("span", { class: "bad" }, error ?? "–"), kind: "words" },
      { head: t.dead.attempts, cell: ({ attempts }) => attempts, kind: "number" },
      { head: t.dead.at, cell: ({ at }) => dateTime(at), kind: "when" },
      {
        head: t.dead.conversation,
        cell: ({ conversation }) => (conversation ? el("a", { href: addressOf(conversation) }, t.dead.open) : "–"),
      },
      { head: t.dead.act, cell: (letter) => this.#act(kind, letter) },
    ];
    return el(
      "section",
      { class: "dead-kind" },
      el("h3", {}, `${t.dead.kinds[kind]} (${letters.length})`),
      table(t.dead.kinds[kind], columns, letters),
    );
  }

  #act(kind, letter) {
    if (!letter.can_retry) return t.dead.obsolete;
    return button(t.retry, () => this.#retry(kind, letter), {
      icon: "retry",
      "aria-label": t.dead.retryOf(letter.what),
    });
  }

  async #retry(kind, { id }) {
    await this.#desk.api.post("dead-letters/retry", { kind, id });
    done(t.dead.retried);
    await this.enter();
  }
}
