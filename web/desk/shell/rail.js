/** The way to the views, and who is signed in. */

import { t } from "../texts.js";
import { button, el } from "../ui/elements.js";
import { icon } from "../ui/icons.js";
import { AccountMenu } from "./account.js";
import { showHelp } from "./help.js";

const VIEWS = [
  ["/desk", "talks"],
  ["/desk/search", "search"],
  ["/desk/figures", "figures"],
  ["/desk/learning", "learning"],
  ["/desk/admin", "admin"],
];

export class Rail {
  element;
  #links = new Map();
  #badge = el("span", { class: "badge", hidden: true });

  constructor(desk, alerts) {
    const items = VIEWS.map(([path, name]) => el("li", {}, this.#link(path, name)));
    this.#links.get("/desk").append(this.#badge);
    const help = button(t.help.open, showHelp, { icon: "help", kind: "quiet", bare: true, keys: "Alt+H" });
    this.element = el(
      "header",
      { class: "rail" },
      el(
        "a",
        { class: "brand", href: "/desk", "aria-label": t.home },
        el("img", { src: "/desk/static/icon.svg", alt: "", width: "34", height: "34" }),
      ),
      el("nav", { "aria-label": t.navigation }, el("ul", { class: "views" }, ...items)),
      el("div", { class: "rail-foot" }, help, new AccountMenu(desk, alerts).element),
    );
    desk.on("lists", () => this.#count(desk.waiting));
  }

  show(path) {
    for (const [address, link] of this.#links) {
      if (address === path) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  }

  #link(path, name) {
    const link = el("a", { href: path }, icon(name), el("span", {}, t.views[name]));
    this.#links.set(path, link);
    return link;
  }

  #count(count) {
    this.#badge.hidden = count === 0;
    this.#badge.replaceChildren(
      el("span", { "aria-hidden": "true" }, count > 99 ? "99+" : String(count)),
      el("span", { class: "hidden" }, t.waitingCount(count)),
    );
  }
}
