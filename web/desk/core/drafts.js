/** What an agent began to write, for each conversation, kept in this tab until it is sent. */

import { recall, remember } from "/widget/store.js";

const EMPTY = { reply: "", note: "", mode: "reply" };

export class Drafts {
  #prefix;
  #kept = new Map();

  constructor(agent) {
    this.#prefix = `desk:${agent.id}:draft:`;
  }

  /** @returns {{reply: string, note: string, mode: "reply" | "note"}} */
  of(conversation) {
    return this.#kept.get(conversation) ?? { ...EMPTY, ...recall(this.#prefix + conversation, EMPTY) };
  }

  keep(conversation, changes) {
    const draft = { ...this.of(conversation), ...changes };
    this.#kept.set(conversation, draft);
    remember(this.#prefix + conversation, draft);
  }
}
