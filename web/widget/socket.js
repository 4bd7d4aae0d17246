/** One WebSocket to the gateway, from hello to its end. See docs/widget-protocol.md. */

const OPENING = 6_000;
const PING_EVERY = 20_000;
const PONG_WITHIN = 6_000;
const ANSWER_WITHIN = 10_000;

export class Socket {
  /** Whether the server has let us in. */
  welcomed = false;
  #address;
  #socket = null;
  #hello;
  #receive;
  #deadline = 0;
  #pulse = 0;
  #end;

  /** @param {{origin: string, secret: string, after: number, receive: (frame: object) => void}} options */
  constructor({ origin, secret, after, receive }) {
    this.#hello = { type: "hello", secret, after };
    this.#receive = receive;
    this.#address = `${origin.replace(/^http/, "ws")}/channels/web/socket`;
  }

  /** Until either side ends it. */
  run() {
    return new Promise((resolve) => {
      this.#end = resolve;
      this.#socket = new WebSocket(this.#address);
      this.#expect(OPENING);
      this.#pulse = setInterval(() => this.check(), PING_EVERY);
      this.#socket.onopen = () => this.#write(this.#hello);
      this.#socket.onmessage = (event) => this.#hear(event.data);
      this.#socket.onclose = () => this.close();
    }).catch((error) => console.warn("Postbote: this page forbids the WebSocket.", error));
  }

  say(message) {
    this.#write({ type: "say", ...message });
    this.#expect(ANSWER_WITHIN);
  }

  /** @returns {boolean} whether it is on its way */
  signal(frame) {
    this.#write(frame);
    return this.#socket.readyState === WebSocket.OPEN;
  }

  /** Ask for a sign of life; without one the connection counts as dead, however open it looks. */
  check() {
    if (!this.welcomed) return;
    this.#write({ type: "ping" });
    this.#expect(PONG_WITHIN);
  }

  close() {
    clearInterval(this.#pulse);
    this.#rest();
    this.#socket.onopen = this.#socket.onclose = this.#socket.onmessage = null;
    this.#socket.close(); // takes its time on a dead network; nobody waits for it
    this.#end?.();
  }

  #hear(data) {
    this.#rest();
    const frame = JSON.parse(data);
    if (frame.type === "welcome") this.welcomed = true;
    if (frame.type !== "pong") this.#receive(frame);
  }

  #write(frame) {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }

  /** The next frame, or the end; a deadline that runs already stays. */
  #expect(milliseconds) {
    this.#deadline ||= setTimeout(() => this.close(), milliseconds);
  }

  #rest() {
    clearTimeout(this.#deadline);
    this.#deadline = 0;
  }
}
