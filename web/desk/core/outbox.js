/** Replies that the server has not taken yet: kept through reloads, sent in order, each exactly once by its id. */

import { newId } from "/widget/outbox.js";
import { recall, remember } from "/widget/store.js";
import { Refused } from "./api.js";
import { Emitter } from "./emitter.js";

const AGAIN_AFTER = 5_000;

/** Tells `changed` (the conversation) and `sent` ({conversation, message}). */
export class Outbox extends Emitter {
  #api;
  #name;
  #entries;
  #busy = new Set();

  constructor(api, agent) {
    super();
    this.#api = api;
    this.#name = `desk:${agent.id}:outbox`;
    this.#entries = recall(this.#name, []);
  }

  /** @returns {{id: string, conversation: string, text: string, at: string, error: string | null}[]} oldest first */
  of(conversation) {
    return this.#entries.filter((entry) => entry.conversation === conversation);
  }

  add(conversation, text) {
    const entry = { id: newId(), conversation, text, at: new Date().toISOString(), error: null };
    this.#write([...this.#entries, entry], conversation);
    this.#empty(conversation);
  }

  /** Try all again: the connection is back. */
  flush() {
    for (const conversation of new Set(this.#entries.map((entry) => entry.conversation))) this.#empty(conversation);
  }

  /** Try a refused one again. */
  again(entry) {
    this.#change(entry, { error: null });
    this.#empty(entry.conversation);
  }

  drop({ id, conversation }) {
    if (this.#entries.some((entry) => entry.id === id))
      this.#write(
        this.#entries.filter((entry) => entry.id !== id),
        conversation,
      );
  }

  async #empty(conversation) {
    if (this.#busy.has(conversation)) return;
    this.#busy.add(conversation);
    for (let next = this.#head(conversation); next && (await this.#send(next)); next = this.#head(conversation));
    this.#busy.delete(conversation);
  }

  #head(conversation) {
    return this.of(conversation).find(({ error }) => !error);
  }

  /** @returns {Promise<boolean>} whether to go on */
  async #send(entry) {
    try {
      const message = await this.#api.post(`conversations/${entry.conversation}/messages`, {
        id: entry.id,
        text: entry.text,
      });
      this.tell("sent", { conversation: entry.conversation, message });
      this.drop(entry);
      return true;
    } catch (error) {
      if (error instanceof Refused && error.status === 401) return false; // goes on after signing in
      const final = error instanceof Refused && error.status < 500;
      if (final) this.#change(entry, { error: error.message });
      else setTimeout(() => this.#empty(entry.conversation), AGAIN_AFTER);
      return final;
    }
  }

  #change(entry, changes) {
    this.#write(
      this.#entries.map((other) => (other.id === entry.id ? { ...other, ...changes } : other)),
      entry.conversation,
    );
  }

  #write(entries, conversation) {
    this.#entries = entries;
    remember(this.#name, entries);
    this.tell("changed", conversation);
  }
}
