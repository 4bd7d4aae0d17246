/** Whose customer is writing at this moment. */

/** A sign of it comes every five seconds; one that was lost on the way must not last for ever. */
const LASTS = 12_000;

export class Typing {
  #timers = new Map();
  #tell;

  /** @param {(frame: {conversation: string, on: boolean}) => void} tell called when it begins and when it ends */
  constructor(tell) {
    this.#tell = tell;
  }

  has(conversation) {
    return this.#timers.has(conversation);
  }

  set(conversation, on) {
    const was = this.has(conversation);
    clearTimeout(this.#timers.get(conversation));
    if (on)
      this.#timers.set(
        conversation,
        setTimeout(() => this.set(conversation, false), LASTS),
      );
    else this.#timers.delete(conversation);
    if (was !== on) this.#tell({ conversation, on });
  }
}
