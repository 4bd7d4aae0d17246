/** What has to be kept in order: canned replies, what was not delivered, accounts, the audit log. */

import { t } from "../texts.js";
import { el } from "../ui/elements.js";
import { page } from "../ui/page.js";
import { Agents } from "./agents.js";
import { AuditLog } from "./audit.js";
import { CannedReplies } from "./canned.js";
import { DeadLetters } from "./dead.js";

const PARTS = { canned: CannedReplies, dead: DeadLetters, agents: Agents, audit: AuditLog };
const ADMINS = new Set(["agents", "audit"]);

export default class AdminView {
  element;
  title = t.views.admin;
  #desk;
  #router;
  #links = new Map();
  #place = el("div", { class: "admin-part" });

  constructor(desk, router) {
    this.#desk = desk;
    this.#router = router;
    const names = Object.keys(PARTS).filter((name) => !ADMINS.has(name) || desk.isAdmin);
    for (const name of names) this.#links.set(name, el("a", { href: `/desk/admin?part=${name}` }, t.admin.parts[name]));
    const nav = el(
      "nav",
      { class: "tabs", "aria-label": t.admin.nav },
      el("ul", {}, ...[...this.#links.values()].map((link) => el("li", {}, link))),
    );
    this.element = page(t.views.admin, { content: [nav, this.#place] });
  }

  enter(query) {
    const asked = query.get("part");
    const name = this.#links.has(asked) ? asked : "canned";
    for (const [other, link] of this.#links) {
      if (other === name) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    const part = new PARTS[name](this.#desk, this.#router);
    this.#place.replaceChildren(part.element);
    return part.enter(query);
  }

  leave() {}
}
