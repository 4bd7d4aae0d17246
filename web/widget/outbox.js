/** What the customer has said and the server has not yet accepted: kept in the store, in order. */

const NAME = "outbox";

export class Outbox {
  #store;
  #changed;

  /**
   * @param {import("./store.js").Store} store
   * @param {() => void} changed called after each change of this tab
   */
  constructor(store, changed) {
    this.#store = store;
    this.#changed = changed;
  }

  /** @returns {{id: string, text: string, choice?: string}[]} oldest first; read anew, as tabs share it */
  get all() {
    const entries = this.#store.get(NAME, []);
    return Array.isArray(entries) ? entries : [];
  }

  /** The next to send, if any. */
  get head() {
    return this.all[0];
  }

  find(id) {
    return this.all.find((entry) => entry.id === id);
  }

  add(text, choice) {
    this.#write([...this.all, { id: newId(), text, ...(choice && { choice }) }]);
  }

  remove(id) {
    if (this.find(id)) this.#write(this.all.filter((entry) => entry.id !== id));
  }

  /** Buttons belong to the conversation that offered them; in a new one only their words are left. */
  dropChoices() {
    this.#write(this.all.map(({ id, text }) => ({ id, text })));
  }

  #write(entries) {
    this.#store.set(NAME, entries);
    this.#changed();
  }
}

/** A random UUID; browsers have randomUUID in secure contexts only, and some intranets still speak http. */
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
