/** What the page knows of the desk: who is signed in, the lists, the colleagues, whether the server is there. */

import { Emitter } from "./emitter.js";
import { Live } from "./live.js";
import { Drafts } from "./drafts.js";
import { Outbox } from "./outbox.js";
import { Typing } from "./typing.js";

/**
 * Tells `me`, `lists` ({lists, before}), `status` ({on, retryAt}), `typing` ({conversation, on}), and the socket's frames `message` and `note`.
 */
export class Desk extends Emitter {
  api;
  live;
  drafts;
  outbox;
  me;
  lists = null;
  /** Which customers are writing. */
  typing = new Typing((frame) => this.tell("typing", frame));
  colleagues;
  isOn = false;

  /**
   * @param {import("./api.js").Api} api
   * @param {object} me as `GET /desk/api/me` answers
   */
  constructor(api, me) {
    super();
    this.api = api;
    this.drafts = new Drafts(me.agent);
    this.outbox = new Outbox(api, me.agent);
    this.live = new Live(() => this.#check());
    this.#take(me);
    this.#pass();
  }

  start() {
    this.live.run();
  }

  /** The case of a conversation that stands in a list. */
  find(conversation) {
    const { mine, queue, open } = this.lists ?? { mine: [], queue: [], open: [] };
    return [...mine, ...queue, ...open].find((one) => one.conversation === conversation);
  }

  /** How many customers wait for a person: in the queue, and for an answer of this agent. */
  get waiting() {
    if (!this.lists) return 0;
    return this.lists.queue.length + this.lists.mine.filter(({ unread }) => unread > 0).length;
  }

  async change(changes) {
    this.#take(await this.api.put("me", changes));
  }

  get isAdmin() {
    return this.me.agent.role === "admin";
  }

  holds(one) {
    return one?.holder === "agent" && one.agent?.id === this.me.agent.id;
  }

  async #check() {
    this.#take(await this.api.get("me"));
    return true;
  }

  #take(me) {
    this.me = me;
    this.api.csrf = me.csrf;
    this.colleagues = me.colleagues;
    this.tell("me", me);
  }

  #pass() {
    const { live } = this;
    // A new password ends the session that the socket began with; whether there is another one, the server knows.
    live.on("signed_out", () => this.#check().catch(() => {}));
    live.on("lists", (frame) => this.#takeLists(frame));
    live.on("status", (status) => {
      this.isOn = status.on;
      if (status.on) this.outbox.flush();
      this.tell("status", status);
    });
    live.on("typing", ({ conversation, on }) => this.typing.set(conversation, on));
    live.on("message", (frame) => this.#takeMessage(frame));
    live.on("note", (frame) => this.tell("note", frame));
  }

  #takeMessage(frame) {
    if (frame.message.from === "customer") this.typing.set(frame.conversation, false);
    this.tell("message", frame);
  }

  #takeLists({ queue, mine, open, colleagues }) {
    const before = this.lists;
    this.lists = { queue, mine, open };
    this.colleagues = colleagues;
    const own = colleagues.find(({ id }) => id === this.me.agent.id);
    if (own) this.me = { ...this.me, agent: { ...this.me.agent, ...own } };
    this.tell("lists", { lists: this.lists, before });
  }
}
