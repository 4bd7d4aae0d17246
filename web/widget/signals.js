/** What the customer's browser tells besides messages: that they write, what has come and was read, what helped. */

const TYPING_EVERY = 5_000;

export class Signals {
  #store;
  #send;
  #typedAt = 0;
  /** The highest agent's message that has come (false), and that was read (true). */
  #seen = { false: 0, true: 0 };

  /**
   * @param {import("./store.js").Store} store
   * @param {(frame: object) => Promise<boolean> | boolean} send whether the server has it
   */
  constructor(store, send) {
    this.#store = store;
    this.#send = send;
  }

  /** The customer changed what stands in the field; `on` while there is something. */
  typing(on) {
    const since = Date.now() - this.#typedAt;
    if (on ? since < TYPING_EVERY : !this.#typedAt) return;
    this.#typedAt = on ? Date.now() : 0;
    this.#send({ type: "typing", on });
  }

  /** An agent's message, and all before it, has come; or, `read`, is before the customer's eyes. */
  seen(seq, read) {
    if (seq <= this.#seen[read]) return;
    this.#seen[read] = seq;
    this.#send({ type: "seen", seq, read });
  }

  rate(seq, up) {
    this.#store.set("ratings", { ...this.ratings, [seq]: up });
    this.#store.set("unsent", [...new Set([...this.#unsent, seq])]);
    this.#tellRatings();
  }

  /** @returns {Record<number, boolean>} what the customer found helpful or not, by the message's number */
  get ratings() {
    return this.#store.get("ratings", {});
  }

  /** A new connection: what may have been lost with the old one is said again. */
  renew() {
    this.#typedAt = 0;
    const { true: read, false: come } = this.#seen;
    if (come > read) this.#send({ type: "seen", seq: come, read: false });
    if (read) this.#send({ type: "seen", seq: read, read: true });
    this.#tellRatings();
  }

  forget() {
    this.#seen = { false: 0, true: 0 };
    this.#store.remove("ratings");
    this.#store.remove("unsent");
  }

  get #unsent() {
    return this.#store.get("unsent", []);
  }

  async #tellRatings() {
    for (const seq of this.#unsent) {
      const up = this.ratings[seq];
      const told = await this.#send({ type: "rate", seq, up });
      // Changed meanwhile: then that is on its own way.
      if (told && this.ratings[seq] === up) this.#store.set("unsent", this.#unsent.filter((other) => other !== seq));
    }
  }
}
