/** The form for a new entry of the FAQ. */

import { t } from "../texts.js";
import { ask } from "../ui/dialog.js";
import { el, field, on, select } from "../ui/elements.js";
import { Unfit } from "../ui/toast.js";

/**
 * @param {{question: string, answer: string}} given what the form begins with
 * @param {{topics: {name: string, title: string}[], entries: {label: string}[]}} known
 * @returns {Promise<{topic: string, slug: string, question: string, answer: string} | null>}
 */
export function draftEntry({ question, answer }, { topics, entries }) {
  const taken = new Set(entries.map(({ label }) => label.replace(/^faq\//, "")));
  const topic = select(
    topics.map(({ name, title }) => [name, title]),
    topics[0]?.name,
  );
  const title = el("input", { type: "text", value: question, required: true });
  const slug = el("input", {
    type: "text",
    value: slugOf(question),
    required: true,
    pattern: "[a-z0-9]+(-[a-z0-9]+)*",
    autocomplete: "off",
    spellcheck: "false",
  });
  const text = el("textarea", { rows: "8", required: true }, answer);
  let own = false;
  on(slug, { input: () => (own = true) });
  on(title, { input: () => own || (slug.value = slugOf(title.value)) });
  return ask({
    title: t.draft.title,
    confirm: t.draft.confirm,
    wide: true,
    content: [
      field(t.draft.question, title, { hint: t.draft.questionHint }),
      el("div", { class: "pair" }, field(t.draft.topic, topic), field(t.draft.slug, slug, { hint: t.draft.slugHint })),
      field(t.draft.answer, text, { hint: t.draft.answerHint }),
    ],
    submit: () => {
      if (taken.has(slug.value)) throw new Unfit(t.draft.taken(slug.value));
      return { topic: topic.value, slug: slug.value, question: title.value.trim(), answer: text.value.trim() };
    },
  });
}

/** A public name from a question: `wie-gross-darf-ein-anhang-sein`. */
export function slugOf(question) {
  const plain = question.toLowerCase().replace(/[äöüß]/g, (letter) => ({ ä: "ae", ö: "oe", ü: "ue", ß: "ss" })[letter]);
  return plain
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "")
    .slice(0, 48)
    .replace(/-$/, "");
}
