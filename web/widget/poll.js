/** The road around a proxy that lets no WebSocket through: plain requests, with the same frames as a Socket. */

import { Refused, request } from "./http.js";

const WAIT = 25;
const TYPING_AT_MOST = 20_000;

export class Poll {
  welcomed = false;
  /** Whether it ended because it was time to, not because it broke. */
  over = false;
  #origin;
  #url;
  #secret;
  #after;
  #receive;
  #until;
  #stop = new AbortController();
  #typing = 0;
  #known = "";
  #isBots = true;

  /**
   * @param {{origin: string, secret: string, after: number, receive: (frame: object) => void}} options
   * @param {number} period milliseconds after which the socket is worth another try
   */
  constructor({ origin, secret, after, receive }, period) {
    this.#origin = origin;
    this.#url = `${origin}/channels/web/messages`;
    this.#secret = secret;
    this.#after = after;
    this.#receive = receive;
    this.#until = Date.now() + period;
  }

  /** Until the period is over or a request fails. */
  async run() {
    try {
      while (!this.#stop.signal.aborted && Date.now() < this.#until) await this.#fetch();
      this.over = !this.#stop.signal.aborted;
    } catch (error) {
      if (error instanceof Refused) this.#receive({ type: "error", code: error.code });
    } finally {
      this.#showTyping(false);
    }
  }

  async say(message) {
    try {
      const { id, seq } = await request(this.#url, { method: "POST", secret: this.#secret, body: message });
      this.#receive({ type: "accepted", id, seq });
      if (this.#isBots) this.#showTyping(true);
    } catch (error) {
      if (error instanceof Refused && error.status < 500) this.#receive({ type: "error", code: error.code, id: message.id });
      else this.close(); // no connection, or a server in trouble: said again after the pause
    }
  }

  /** @returns {Promise<boolean>} whether the server needs to be told no more */
  async signal(frame) {
    try {
      await request(`${this.#origin}/channels/web/signals`, { method: "POST", secret: this.#secret, body: frame });
      return true;
    } catch (error) {
      // What is wrong with it would be wrong again; but too many at once, or a server in trouble, may pass.
      return error instanceof Refused && error.status < 500 && error.status !== 429;
    }
  }

  check() {
    // each request has its own limit of time
  }

  close() {
    this.#stop.abort();
  }

  async #fetch() {
    const left = Math.ceil((this.#until - Date.now()) / 1000);
    const wait = this.welcomed ? Math.min(WAIT, Math.max(1, left)) : 0;
    // What is known already, so that a change between two fetches is not waited out.
    const known = this.#known ? `&known=${encodeURIComponent(this.#known)}` : "";
    const url = `${this.#url}?after=${this.#after}&wait=${wait}${known}`;
    const { messages, status } = await request(url, { secret: this.#secret, signal: this.#stop.signal, seconds: wait + 15 });
    for (const message of messages) {
      this.#after = Math.max(this.#after, message.seq);
      if (message.from !== "customer") this.#showTyping(false);
    }
    this.#known = status && [status.holder, status.position ?? "", status.agent ?? ""].join(":");
    this.#isBots = !["queued", "agent"].includes(status?.holder);
    if (!this.welcomed) return this.#welcome(messages, status);
    messages.forEach((message) => this.#receive({ type: "message", message }));
    this.#receive({ type: "status", status });
  }

  #welcome(messages, status) {
    this.welcomed = true;
    this.#receive({ type: "welcome", messages, status });
  }

  /** Nobody tells us here, but after a message of the customer the bot's answer is on its way. */
  #showTyping(on) {
    clearTimeout(this.#typing);
    if (on) this.#typing = setTimeout(() => this.#showTyping(false), TYPING_AT_MOST);
    this.#receive({ type: "typing", on });
  }
}
