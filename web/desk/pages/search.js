/** Finding conversations: by words, mailbox, ticket, channel and time. */

import { queryOf } from "../core/api.js";
import { channelName, channelNames, dateTime, nameOf } from "../core/format.js";
import { addressOf } from "../core/router.js";
import { holderChip } from "../talk/row.js";
import { t } from "../texts.js";
import { button, chip, el, empty, field, on, select } from "../ui/elements.js";
import { icon } from "../ui/icons.js";
import { fill, page } from "../ui/page.js";

const FIELDS = ["q", "mailbox", "ticket", "channel", "from", "to"];
const PAGE = 20;

export default class SearchView {
  element;
  title = t.views.search;
  #desk;
  #router;
  #form;
  #found = el("div", { class: "found" });

  constructor(desk, router) {
    this.#desk = desk;
    this.#router = router;
    this.#form = on(searchForm(), {
      submit: (event) => (event.preventDefault(), this.#go(1)),
      reset: () => router.go("/desk/search"),
    });
    this.element = page(t.views.search, { content: [this.#form, this.#found], kind: "narrow" });
  }

  enter(query) {
    for (const name of FIELDS) this.#form.elements[name].value = query.get(name) ?? "";
    if (!FIELDS.some((name) => query.get(name))) {
      this.#found.replaceChildren(empty(t.search.begin, t.search.beginHint, "search"));
      return this.#form.elements.q.focus();
    }
    const values = Object.fromEntries([...query].filter(([name]) => [...FIELDS, "page"].includes(name)));
    return fill(
      this.#found,
      () => this.#desk.api.get("search", values),
      (answer) => this.#results(answer, Number(values.page ?? 1)),
    );
  }

  leave() {}

  #go(number) {
    const values = Object.fromEntries(FIELDS.map((name) => [name, this.#form.elements[name].value.trim()]));
    this.#router.go(`/desk/search${queryOf({ ...values, page: number > 1 ? number : null })}`);
  }

  #results({ found, cases }, number) {
    if (!cases.length)
      return [
        el("p", { class: "hidden", role: "status" }, t.search.nothing),
        empty(t.search.nothing, t.search.nothingHint, "search"),
      ];
    const first = (number - 1) * PAGE + 1;
    return [
      el("p", { class: "muted", role: "status" }, t.search.found(found, first, first + cases.length - 1)),
      el("ul", { class: "results" }, ...cases.map((one) => this.#result(one))),
      this.#pages(found, number),
    ];
  }

  #result(one) {
    return el(
      "li",
      {},
      el(
        "a",
        { class: "result", href: addressOf(one.conversation) },
        el(
          "span",
          { class: "result-top" },
          el("span", { class: "strong" }, nameOf(one)),
          holderChip(one, this.#desk),
          chip(channelName(one.channel)),
          el("time", { datetime: one.last?.at }, one.last ? dateTime(one.last.at) : ""),
        ),
        el("span", { class: "excerpt" }, ...marked(one.excerpt, this.#form.elements.q.value)),
      ),
    );
  }

  #pages(found, number) {
    const last = Math.ceil(found / PAGE);
    if (last < 2) return el("span");
    const step = (label, drawing, to) =>
      button(label, () => this.#go(to), { icon: drawing, kind: "plain", disabled: to < 1 || to > last });
    return el(
      "nav",
      { class: "pages", "aria-label": t.pages.label },
      step(t.pages.before, "left", number - 1),
      el("span", { class: "muted" }, t.pages.of(number, last)),
      step(t.pages.after, "right", number + 1),
    );
  }
}

function searchForm() {
  const input = (name, type) => el("input", { name, type, autocomplete: "off" });
  const words = el("input", {
    name: "q",
    type: "search",
    autocomplete: "off",
    placeholder: t.search.words,
    "aria-label": t.search.words,
  });
  const go = el(
    "button",
    { type: "submit", class: "button primary" },
    icon("search"),
    el("span", { class: "label" }, t.search.go),
  );
  const channel = select([["", t.search.allChannels], ...channelNames()], "", { name: "channel" });
  const clear = el("button", { type: "reset", class: "button quiet" }, t.search.clear);
  return el(
    "form",
    { class: "search-form", role: "search", "aria-label": t.views.search },
    el("div", { class: "search-words" }, words, go, clear),
    el(
      "div",
      { class: "filters" },
      field(t.search.mailbox, input("mailbox", "text")),
      field(t.search.ticket, input("ticket", "text")),
      field(t.search.channel, channel),
      field(t.search.from, input("from", "date")),
      field(t.search.to, input("to", "date")),
    ),
  );
}

/** The excerpt with the words that were searched for marked; what stands in quotes is one word. */
function marked(excerpt, query) {
  const found = [...query.matchAll(/"([^"]+)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain);
  const words = found.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  if (!words.length) return [excerpt];
  const parts = excerpt.split(new RegExp(`(${words.join("|")})`, "giu"));
  return parts.map((part, at) => (at % 2 ? el("mark", {}, part) : part));
}
