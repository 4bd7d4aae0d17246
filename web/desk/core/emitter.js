/** Who wants to hear of what. */

export class Emitter {
  #heard = new Map();

  /** @returns {() => void} what stops it */
  on(kind, hear) {
    if (!this.#heard.has(kind)) this.#heard.set(kind, new Set());
    this.#heard.get(kind).add(hear);
    return () => this.#heard.get(kind).delete(hear);
  }

  tell(kind, value) {
    for (const hear of this.#heard.get(kind) ?? []) hear(value);
  }
}
