/** The inbox of questions that the bot could not answer well, and what an editor makes of them. */

import { t } from "../texts.js";
import { el, empty, loading } from "../ui/elements.js";
import { Keyed } from "../ui/keyed.js";
import { fill, page } from "../ui/page.js";
import { done } from "../ui/toast.js";
import { Basket } from "./basket.js";
import { Group } from "./group.js";
import { Job } from "./job.js";
import { ModelBox } from "./model.js";
import { Proposals } from "./proposals.js";

export default class LearningView {
  element;
  title = t.views.learning;
  #desk;
  #basket;
  #job;
  #model;
  #proposals;
  #list = el("ul", { class: "groups" });
  #rows;
  #none = empty(t.learning.nothing, t.learning.nothingHint, "done");
  #place = el("div", { class: "learning-inbox" }, loading(t.loading));
  #inbox = null;

  constructor(desk) {
    this.#desk = desk;
    this.#job = new Job(desk, { ended: (job) => this.#ended(job) });
    this.#model = new ModelBox(desk, () => this.#load());
    this.#basket = new Basket(desk, {
      changed: () => this.#show(),
      published: (job) => this.#job.follow(job),
      proposed: () => this.#proposed(),
    });
    this.#proposals = new Proposals(desk, this.#basket, () => this.#load());
    this.#rows = new Keyed(
      this.#list,
      ({ key }) => key,
      () => new Group(this.#basket, () => this.#inbox),
    );
    const side = el(
      "div",
      { class: "learning-side" },
      this.#job.element,
      this.#basket.element,
      this.#proposals.element,
      this.#model.element,
    );
    this.element = page(t.views.learning, {
      content: [el("p", { class: "lead" }, t.learning.lead), el("div", { class: "learning" }, this.#place, side)],
    });
  }

  enter() {
    return this.#load();
  }

  leave() {
    this.#job.stop();
  }

  #load() {
    return fill(
      this.#place,
      () => this.#desk.api.get("learning"),
      (inbox) => {
        this.#inbox = inbox;
        this.#model.show(inbox.model);
        if (inbox.job) this.#job.follow(inbox.job);
        this.#show();
        return [this.#none, this.#list];
      },
    );
  }

  #show() {
    if (!this.#inbox) return;
    const { groups } = this.#inbox;
    this.#basket.keepOnly(new Set(groups.flatMap(({ questions }) => questions.map(({ message }) => message))));
    this.#proposals.show(this.#inbox.proposals, this.#inbox.entries);
    this.#none.hidden = groups.length > 0;
    this.#rows.show(groups);
  }

  #proposed() {
    done(t.proposals.done);
    this.#basket.clear();
    return this.#load();
  }

  #ended({ state }) {
    if (state === "done") this.#basket.clear();
    return this.#load();
  }
}
