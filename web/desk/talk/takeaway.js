/** The transcript: to download, or mailed to the customer. */

import { t } from "../texts.js";
import { ask } from "../ui/dialog.js";
import { button, choice, el } from "../ui/elements.js";
import { icon } from "../ui/icons.js";
import { done } from "../ui/toast.js";

export class TranscriptSection {
  element;
  #desk;
  #id = null;
  #proven = [];
  #holds = false;
  #links = el("div", { class: "links" });
  #mail;
  #why = el("p", { class: "hint", id: "mail-hint" });

  constructor(desk) {
    this.#desk = desk;
    this.#mail = button(t.takeaway.mail, () => this.#send(), { icon: "mailbox", "aria-describedby": "mail-hint" });
    this.element = el(
      "section",
      { class: "panel-section" },
      el("h3", {}, icon("download"), t.takeaway.title),
      this.#links,
      this.#mail,
      this.#why,
    );
  }

  open(id) {
    this.#id = id;
    this.#links.replaceChildren(
      ...["txt", "json"].map((kind) => link(`/desk/api/conversations/${id}/transcript.${kind}`, t.takeaway[kind])),
    );
    this.show({ proven: [] });
  }

  showCase(one) {
    this.#holds = this.#desk.holds(one);
    this.#showMail();
  }

  /** It goes to owners of mailboxes only. */
  show({ proven }) {
    this.#proven = proven;
    this.#showMail();
  }

  #showMail() {
    const reasons = { unproven: !this.#proven.length, notMine: !this.#holds };
    const [reason] = Object.keys(reasons).filter((name) => reasons[name]);
    this.#mail.disabled = Boolean(reason);
    this.#why.textContent = reason ? t.takeaway.why[reason] : t.takeaway.mailHint;
  }

  async #send() {
    const choices = this.#proven.map((address, at) =>
      choice(address, { type: "radio", name: "mailbox", value: address, checked: at === 0 }),
    );
    const sent = await ask({
      title: t.takeaway.mail,
      confirm: t.takeaway.send,
      content: [
        el("fieldset", { class: "choices" }, el("legend", {}, t.takeaway.mailbox), ...choices),
        el("p", { class: "hint" }, t.takeaway.mailHint),
      ],
      submit: (form) =>
        this.#desk.api.post(`conversations/${this.#id}/transcript`, { mailbox: new FormData(form).get("mailbox") }),
    });
    if (sent) done(t.takeaway.sent);
  }
}

function link(href, text) {
  return el(
    "a",
    { class: "button quiet", href, download: true },
    icon("download"),
    el("span", { class: "label" }, text),
  );
}
