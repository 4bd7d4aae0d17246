/** Keeps the conversation connected, by whichever road is open, and empties the outbox into it. */

import { Refused, request } from "./http.js";
import { Poll } from "./poll.js";
import { Socket } from "./socket.js";

const FIRST_PAUSE = 800;
const LONGEST_PAUSE = 30_000;
const STABLE = 10_000;
const SOCKET_TRIES = 2;
const SHORTEST_POLLING = 15_000;
const LONGEST_POLLING = 300_000;
const AFTER_TOO_MANY = 10_000;

export class Connection {
  #origin;
  #store;
  #outbox;
  #identity;
  #privacy;
  #tell;
  #secret = null;
  #after = 0;
  #transport = null;
  #sent = null;
  #failures = 0;
  #socketFailures = 0;
  #pollsWell = false;
  #polling = SHORTEST_POLLING;
  #shown = "idle";
  #rouse = () => {};

  /**
   * @param {{origin: string, store: object, outbox: object, identity: object, privacy: object, tell: (frame: object) => void}} options
   *   `tell` gets the server's frames, and `{type: "connection", state: "idle" | "connecting" | "online" | "offline"}`
   */
  constructor({ origin, store, outbox, identity, privacy, tell }) {
    this.#origin = origin;
    this.#store = store;
    this.#outbox = outbox;
    this.#identity = identity;
    this.#privacy = privacy;
    this.#tell = tell;
    addEventListener("online", () => this.wake());
    addEventListener("pageshow", () => this.wake());
    addEventListener("offline", () => this.#transport?.close());
    document.addEventListener("visibilitychange", () => document.hidden || this.wake());
  }

  /** For as long as the page lives. Nothing is asked of the server before there is something to say or to read. */
  async run() {
    for (;;) {
      while (!this.#wanted) {
        this.#show("idle");
        await this.#sleep();
      }
      if (this.#shown === "idle") this.#show("connecting");
      const goOn = await this.#connect();
      this.#sent = null;
      if (goOn || !this.#wanted) continue;
      this.#show("offline");
      const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** this.#failures++);
      await this.#sleep(pause * (0.5 + Math.random() / 2));
    }
  }

  get #wanted() {
    return this.#store.get("secret") || this.#outbox.head;
  }

  /** Something changed: the outbox, the network, or the page came back to the front. */
  wake() {
    this.#rouse();
    this.#transport?.check();
    this.#send();
  }

  /** A frame that is no message; without a connection it is dropped. @returns {Promise<boolean> | boolean} whether the server gets it */
  signal(frame) {
    return this.#transport?.welcomed ? this.#transport.signal(frame) : false;
  }

  /** The page has a new token. */
  async prove() {
    if (this.#secret) await this.#identity.prove(this.#secret);
  }

  /** A conversation that is there already gets to know what was seen or accepted; a new one begins with it. */
  async consent(words) {
    const secret = this.#store.get("secret");
    if (!secret) return;
    await request(`${this.#origin}/channels/web/consent`, { secret, body: { words }, method: "POST" }).catch((error) =>
      console.warn("Postbote: the consent could not be kept.", error),
    );
  }

  /** One road, for as long as it lasts; true when the other is to be tried without a pause. */
  async #connect() {
    const secret = this.#store.get("secret") ?? (await this.#begin());
    if (!secret) return false;
    if (this.#secret && this.#secret !== secret) this.#reset(); // another tab has begun a new conversation
    this.#secret = secret;
    await this.#identity.prove(secret); // before the first message, which may need the proof
    const options = { origin: this.#origin, secret, after: this.#after, receive: (frame) => this.#receive(frame) };
    const polls = this.#socketFailures >= SOCKET_TRIES;
    const began = Date.now();
    this.#transport = polls ? new Poll(options, this.#polling) : new Socket(options);
    const { welcomed, over } = await this.#transport.run().then(() => this.#transport);
    this.#transport = null;
    if (welcomed && Date.now() - began > STABLE) this.#failures = 0;
    return polls ? this.#afterPoll(over) : this.#afterSocket(welcomed);
  }

  #afterSocket(welcomed) {
    if (welcomed) this.#socketFailures = 0;
    else if (navigator.onLine) this.#socketFailures += 1; // without a network it is nobody's proxy
    if (welcomed) this.#polling = SHORTEST_POLLING;
    const pollsWell = this.#pollsWell;
    this.#pollsWell = false;
    return pollsWell && !welcomed;
  }

  /** While polling works, the socket gets one try now and then; when nothing works, both get their turns. */
  #afterPoll(over) {
    this.#socketFailures = over ? SOCKET_TRIES - 1 : 0;
    this.#polling = Math.min(LONGEST_POLLING, this.#polling * 2);
    this.#pollsWell = over;
    return over;
  }

  async #begin() {
    try {
      const consent = this.#privacy.words;
      const body = consent ? { consent } : undefined;
      const { secret } = await request(`${this.#origin}/channels/web/conversations`, { body, method: "POST" });
      const other = this.#store.get("secret"); // another tab may have been quicker
      if (!other) this.#store.set("secret", secret);
      return other ?? secret;
    } catch (error) {
      if (error.code === "consent_needed") this.#tell({ type: "consent" });
      else if (error instanceof Refused) console.warn("Postbote: no conversation could be begun.", error);
      return null;
    }
  }

  #receive(frame) {
    if (frame.type === "welcome") this.#show("online");
    for (const message of frame.messages ?? (frame.message && [frame.message]) ?? []) {
      this.#after = Math.max(this.#after, message.seq);
    }
    if (frame.code === "unknown_conversation") return this.#forget();
    if (frame.type === "accepted") this.#failures = 0;
    this.#tell(frame);
    if (frame.code === "too_many") setTimeout(() => this.#retry(), AFTER_TOO_MANY);
    else if (frame.id && frame.id === this.#sent) this.#sent = null;
    this.#send();
  }

  #forget() {
    if (this.#store.get("secret") === this.#secret) this.#store.remove("secret");
    this.#reset();
    this.#transport?.close();
  }

  #reset() {
    this.#after = 0;
    this.#secret = null;
    this.#tell({ type: "forgotten" });
  }

  /** The next message, when the one before it is settled. */
  #send() {
    const next = this.#outbox.head;
    if (!next || this.#sent || !this.#transport?.welcomed) return;
    this.#sent = next.id;
    this.#transport.say(next);
  }

  #retry() {
    this.#sent = null;
    this.#send();
  }

  #show(state) {
    this.#shown = state;
    this.#tell({ type: "connection", state });
  }

  #sleep(milliseconds) {
    return new Promise((resolve) => {
      const timer = milliseconds && setTimeout(resolve, milliseconds);
      this.#rouse = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
