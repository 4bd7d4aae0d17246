/** Publishing as it goes: written, trained, evaluated, activated. */

import { t } from "../texts.js";
import { button, el } from "../ui/elements.js";
import { icon } from "../ui/icons.js";
import { comparison } from "./comparison.js";

const STEPS = ["writing", "training", "evaluating", "activating"];
const FINAL = ["done", "refused", "failed"];
const EVERY = 1_500;

export class Job {
  element = el("section", { class: "card job", "aria-label": t.job.title, hidden: true });
  #desk;
  #ended;
  #timer = 0;
  #state = el("p", { class: "job-state", role: "status" });
  #steps = el("ol", { class: "steps" });
  #more = el("div");

  /** @param {{ended: (job: object) => void}} doers */
  constructor(desk, { ended }) {
    this.#desk = desk;
    this.#ended = ended;
    this.element.append(
      el("header", { class: "card-head" }, el("h2", {}, t.job.title)),
      this.#steps,
      this.#state,
      this.#more,
    );
  }

  /** Shows it, and asks on until it has ended. */
  follow(job) {
    this.#show(job);
    clearTimeout(this.#timer);
    if (!FINAL.includes(job.state)) this.#timer = setTimeout(() => this.#ask(), EVERY);
  }

  stop() {
    clearTimeout(this.#timer);
  }

  async #ask() {
    try {
      const { job } = await this.#desk.api.get("learning/job");
      if (!job) return this.#hide();
      this.follow(job);
      if (FINAL.includes(job.state)) this.#ended(job);
    } catch {
      this.#timer = setTimeout(() => this.#ask(), EVERY); // the server is away; the line at the top says so
    }
  }

  #show(job) {
    this.element.hidden = false;
    const { state, message, before, after } = job;
    const at = state === "done" ? STEPS.length : STEPS.indexOf(state);
    this.#steps.hidden = FINAL.includes(state);
    this.#steps.replaceChildren(...STEPS.map((step, place) => stepItem(step, place, at)));
    this.#state.dataset.state = state;
    // Read out when it changes, not each time it is asked for.
    if (this.#state.textContent !== t.job.states[state]) this.#state.textContent = t.job.states[state];
    const more = [
      message && FINAL.includes(state) ? el("p", { class: "detail", lang: "en" }, message) : null,
      before && after ? comparison(t.job.compared, before, after) : null,
      FINAL.includes(state) ? button(t.job.dismiss, () => this.#hide(), { kind: "quiet" }) : null,
    ];
    this.#more.replaceChildren(...more.filter(Boolean));
  }

  #hide() {
    this.element.hidden = true;
  }
}

function stepItem(step, place, at) {
  const state = place < at ? "past" : place === at ? "now" : "later";
  const mark =
    state === "past" ? icon("done") : el("span", { class: state === "now" ? "spinner" : "dot", "aria-hidden": "true" });
  return el("li", { class: state, "aria-current": state === "now" ? "step" : false }, mark, t.job.steps[step]);
}
