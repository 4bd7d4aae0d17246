/** What the page knows of the desk: who is signed in, the lists, the colleagues, whether the server is there. */

import { Emitter } from "./emitter.js";
import { Live } from "./live.js";
import { Drafts } from "./drafts.js";
import { Outbox } from "./outbox.js";

/**
 * Tells `me`, `lists` ({lists, before}), `status` ({on, retryAt}), and the socket's frames `message`, `typing`, `note`.
 */
export class Desk extends Emitter {
  api;
  live;
  drafts;
  outbox;
  me;
  lists = null;
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
    for (const kind of ["message", "typing", "note"]) live.on(kind, (frame) => this.tell(kind, frame));
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
