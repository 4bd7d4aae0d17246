/** What is known of the conversation: what was said, what waits to be said, and who holds it. */

const BOT = { holder: "bot" };

export class Conversation {
  #store;
  #outbox;
  #messages = new Map();
  /** Sent by this tab and accepted, but not yet heard back: id to what was said. */
  #accepted = new Map();
  #status;

  /**
   * @param {import("./store.js").Store} store
   * @param {import("./outbox.js").Outbox} outbox
   */
  constructor(store, outbox) {
    this.#store = store;
    this.#outbox = outbox;
    this.#status = store.get("status", BOT); // as it was before a reload, so that nothing flickers
  }

  /** Who holds it: see docs/widget-protocol.md. */
  get status() {
    return this.#status;
  }

  /** Whether people answer it, or are called to. */
  get isWithPeople() {
    return ["queued", "agent"].includes(this.#status.holder);
  }

  get isEmpty() {
    return this.#messages.size === 0;
  }

  /** @returns {object[]} what stands, oldest first, without what still waits in the outbox */
  get settled() {
    const waiting = new Set(this.#outbox.all.map(({ id }) => id));
    return [...this.#messages.values(), ...this.#accepted.values()]
      .filter(({ id }) => !waiting.has(id))
      .sort((one, other) => one.seq - other.seq);
  }

  /** @returns {object[]} what the bot and the agents said, or only one of the two */
  saidBy(...authors) {
    return [...this.#messages.values()].filter(({ from }) => authors.includes(from));
  }

  take(messages) {
    for (const message of messages) {
      this.#messages.set(message.seq, message);
      this.#accepted.delete(message.id);
      this.#outbox.remove(message.id);
    }
  }

  settle({ id, seq }) {
    const said = this.#outbox.find(id);
    if (said && !this.#messages.has(seq)) this.#accepted.set(id, { ...said, seq, from: "customer", at: new Date().toISOString() });
    this.#outbox.remove(id);
  }

  /** @returns {object | null} the status before, if this is another one */
  change(status = BOT) {
    const before = this.#status;
    if (JSON.stringify(before) === JSON.stringify(status)) return null;
    this.#status = status;
    this.#store.set("status", status);
    return before;
  }

  forget() {
    this.#messages.clear();
    this.#accepted.clear();
    this.#status = BOT;
    this.#store.remove("status");
  }
}
