/** What stands around every view: the rail, the line that tells of a lost connection, the shortcuts. */

import { Alerts } from "../core/alerts.js";
import { Shortcuts } from "../core/shortcuts.js";
import { t } from "../texts.js";
import { TalkView } from "../talk/view.js";
import { el, empty, loading } from "../ui/elements.js";
import { failed } from "../ui/toast.js";
import { Connection } from "./connection.js";
import { showHelp } from "./help.js";
import { Rail } from "./rail.js";

const PAGES = {
  "/desk/search": () => import("../pages/search.js"),
  "/desk/figures": () => import("../pages/figures.js"),
  "/desk/learning": () => import("../learning/view.js"),
  "/desk/admin": () => import("../admin/view.js"),
};

export class Shell {
  #desk;
  #router;
  #alerts;
  #rail;
  #talk;
  #view = null;
  #place = el("main", { class: "view", id: "main", tabindex: "-1" });

  constructor(desk, router) {
    this.#desk = desk;
    this.#router = router;
    this.#alerts = new Alerts(desk, router);
    this.#rail = new Rail(desk, this.#alerts);
    const shortcuts = new Shortcuts();
    shortcuts.add({ "?": showHelp, "Alt+H": showHelp });
    this.#talk = new TalkView(desk, router, shortcuts);
  }

  start() {
    document.documentElement.lang = t.tag.slice(0, 2);
    const skip = el("a", { class: "skip", href: "#main" }, t.skip);
    const connection = new Connection(this.#desk);
    document.body.prepend(skip, connection.element, el("div", { class: "shell" }, this.#rail.element, this.#place));
    this.#router.on("changed", (place) => this.#show(place, true));
    this.#show(this.#router, false);
  }

  /** @param {boolean} moved whether the agent went there, and the focus has to follow */
  async #show({ path, query }, moved) {
    this.#rail.show(path);
    const stays = this.#view?.path === path;
    if (!stays) {
      this.#view?.leave();
      this.#view = null;
      this.#place.replaceChildren(loading(t.loading));
      const view = await this.#viewOf(path);
      if (this.#router.path !== path) return; // the agent went on meanwhile
      this.#view = view;
      this.#place.replaceChildren(view.element);
    }
    this.#alerts.setTitle(`${this.#view.title} – Postbote`);
    this.#view.enter(query);
    if (moved && !stays) this.#place.querySelector("h1")?.focus();
  }

  async #viewOf(path) {
    if (!PAGES[path]) return Object.assign(this.#talk, { path });
    try {
      const { default: View } = await PAGES[path]();
      return Object.assign(new View(this.#desk, this.#router), { path });
    } catch (error) {
      failed(error);
      return {
        path,
        title: "",
        element: empty(t.errors.notLoaded, t.errors.unreachable, "warning"),
        enter() {},
        leave() {},
      };
    }
  }
}
