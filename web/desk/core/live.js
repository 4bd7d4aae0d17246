/** The socket to the server, for as long as the page lives: lists, messages, signs of life. */

import { Emitter } from "./emitter.js";

const ALIVE_EVERY = 30_000;
const ANSWER_WITHIN = 10_000;
const ACTIVE_FOR = 120_000;
const TYPING_EVERY = 5_000;
const FIRST_PAUSE = 700;
const LONGEST_PAUSE = 15_000;

/**
 * Tells `status` ({on: boolean, retryAt: number | null}) when it changes, and each frame of the server under its type.
 * A frame must follow a sign of life within ten seconds, else the connection counts as dead, however open it looks.
 */
export class Live extends Emitter {
  #check;
  #socket = null;
  #watched = null;
  #failures = 0;
  #isOn = false;
  #deadline = 0;
  #acted = Date.now();
  #aliveAt = 0;
  #typedAt = 0;
  #stopped = false;
  #rouse = () => {};

  /** @param {() => Promise<boolean>} check asks the server whether it is there and still knows us; raises when it is not there */
  constructor(check) {
    super();
    this.#check = check;
  }

  async run() {
    this.#listen();
    for (let pause = 0; !this.#stopped; pause = this.#pause()) {
      if (this.#failures) await this.#sleep(pause);
      if (!this.#stopped && (await this.#mayConnect())) await this.#connect();
    }
  }

  stop() {
    this.#stopped = true;
    this.#socket?.close();
    this.#rouse();
  }

  /** Try now, instead of after the pause. */
  wake() {
    this.#failures = Math.min(this.#failures, 1);
    this.#rouse();
  }

  watch(conversation) {
    this.#watched = conversation;
    this.#typedAt = 0;
    this.#send({ type: "watch", conversation });
  }

  /** Call it at each stroke; the frames are spared. */
  typing(on) {
    const spare = on ? Date.now() - this.#typedAt < TYPING_EVERY : !this.#typedAt;
    if (spare) return;
    this.#typedAt = on ? Date.now() : 0;
    this.#send({ type: "typing", on });
  }

  async #mayConnect() {
    try {
      return await this.#check();
    } catch {
      this.#failures += 1;
      return false;
    }
  }

  #connect() {
    return new Promise((resolve) => {
      const socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/desk/socket`);
      this.#socket = socket;
      this.#expect();
      socket.onopen = () => this.#greet();
      socket.onmessage = (event) => this.#hear(event.data);
      socket.onclose = () => {
        this.#rest();
        socket.onopen = socket.onmessage = socket.onclose = null;
        this.#socket = null;
        this.#failures += 1;
        resolve();
      };
    });
  }

  #greet() {
    this.#send({ type: "watch", conversation: this.#watched });
    this.#beAlive();
  }

  #hear(data) {
    this.#rest();
    const frame = JSON.parse(data);
    if (frame.type === "lists") this.#welcome();
    this.tell(frame.type, frame);
  }

  /** The lists come first, and show that the server took us. */
  #welcome() {
    this.#failures = 0;
    if (this.#isOn) return;
    this.#isOn = true;
    this.tell("status", { on: true, retryAt: null });
  }

  #listen() {
    const acted = () => {
      this.#acted = Date.now();
      if (this.#acted - this.#aliveAt > ALIVE_EVERY) this.#beAlive();
    };
    for (const kind of ["pointerdown", "keydown"])
      document.addEventListener(kind, acted, { passive: true, capture: true });
    document.addEventListener("visibilitychange", () => document.hidden || (acted(), this.#beAlive(), this.wake()));
    addEventListener("online", () => this.wake());
    addEventListener("offline", () => this.#socket?.close());
    setInterval(() => this.#isActive && this.#beAlive(), ALIVE_EVERY);
  }

  get #isActive() {
    return !document.hidden || Date.now() - this.#acted < ACTIVE_FOR;
  }

  #beAlive() {
    this.#aliveAt = Date.now();
    if (this.#send({ type: "alive" })) this.#expect();
  }

  #send(frame) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  #expect() {
    this.#deadline ||= setTimeout(() => this.#giveUp(), ANSWER_WITHIN);
  }

  /** A dead network takes its time to close a socket; nobody waits for it. */
  #giveUp() {
    const socket = this.#socket;
    socket?.onclose?.();
    socket?.close();
  }

  #rest() {
    clearTimeout(this.#deadline);
    this.#deadline = 0;
  }

  #pause() {
    const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (this.#failures - 1)) * (0.5 + Math.random() / 2);
    if (this.#failures && !this.#stopped) {
      this.#isOn = false;
      this.tell("status", { on: false, retryAt: Date.now() + pause });
    }
    return pause;
  }

  #sleep(milliseconds) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#rouse = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
