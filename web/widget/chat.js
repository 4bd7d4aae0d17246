/** Puts the chat on the page: what is known of the conversation, and who tells whom. */

import { Connection } from "./connection.js";
import { Identity } from "./identity.js";
import { Outbox } from "./outbox.js";
import { Store } from "./store.js";
import { textsFor } from "./texts.js";
import { View } from "./view.js";

/** Bytes that fit into one frame of the gateway with room for the rest; more is refused here. */
const LARGEST = 60_000;

/** @param {{origin: string, title?: string, greeting?: string, color?: string, lang?: string, position?: string, token?: string, open: boolean}} settings */
export function startChat(settings) {
  return new Chat(settings);
}

class Chat {
  #texts;
  #store;
  #outbox;
  #view;
  #identity;
  #connection;
  #messages = new Map();
  /** Sent by this tab and accepted, but not yet heard back: id to what was said. */
  #accepted = new Map();

  constructor(settings) {
    const { origin } = settings;
    this.#texts = textsFor(settings.lang);
    this.#store = new Store(origin);
    this.#outbox = new Outbox(this.#store, () => this.#show());
    this.#view = new View(settings, this.#texts, {
      say: (text) => this.#say(text),
      choose: (button) => this.#say(button.title, button.id),
      toggled: () => this.#countUnread(),
    });
    const tell = (frame) => this.#hear(frame);
    this.#identity = new Identity(origin, settings.token);
    this.#connection = new Connection({
      origin, store: this.#store, outbox: this.#outbox, identity: this.#identity, tell,
    });
    this.#store.listen(() => this.#otherTab());
    this.#view.begin(settings.open);
    this.#show();
    this.#connection.run();
  }

  /** For the page: `postbote.identify(token)`. */
  identify(token) {
    this.#identity.set(token);
    return this.#connection.prove();
  }

  #say(text, choice) {
    if (new Blob([JSON.stringify(text)]).size > LARGEST) return this.#view.refuse(this.#reason("too_long", text), text);
    this.#view.refuse(null);
    this.#outbox.add(text, choice);
    this.#connection.wake();
  }

  #hear(frame) {
    const kinds = {
      welcome: () => this.#take(frame.messages, true),
      message: () => this.#take([frame.message]),
      accepted: () => this.#settle(frame),
      typing: () => this.#view.showTyping(frame.on),
      status: () => this.#view.showStatus(frame.status),
      error: () => this.#refused(frame),
      forgotten: () => this.#forget(),
    };
    kinds[frame.type]?.(); // kinds of frames that come with later servers are none of ours
  }

  /** @param {boolean} known whether these are what was said before, and thus no news to read out */
  #take(messages, known = false) {
    const first = known && this.#messages.size === 0;
    for (const message of messages) {
      this.#messages.set(message.seq, message);
      this.#accepted.delete(message.id);
      this.#outbox.remove(message.id);
    }
    this.#show(first);
  }

  #settle({ id, seq }) {
    const said = this.#outbox.find(id);
    if (said && !this.#messages.has(seq)) this.#accepted.set(id, { ...said, seq, from: "customer", at: new Date().toISOString() });
    this.#view.refuse(null);
    this.#outbox.remove(id);
  }

  #refused({ code, id }) {
    const said = id && this.#outbox.find(id);
    if (!said) return;
    this.#view.refuse(this.#reason(code, said.text), code === "too_many" || said.choice ? null : said.text);
    if (code !== "too_many") this.#outbox.remove(id);
  }

  #reason(code, text) {
    const reasons = this.#texts.errors;
    return (reasons[code] ?? reasons.other)(text.length.toLocaleString(this.#texts.tag));
  }

  /** The server no longer knows the conversation: what is still to be said goes into a new one. */
  #forget() {
    this.#messages.clear();
    this.#accepted.clear();
    this.#store.remove("read");
    this.#outbox.dropChoices();
    this.#view.showTyping(false);
    this.#view.note(this.#texts.newConversation);
    this.#show();
  }

  #otherTab() {
    this.#show();
    this.#connection.wake();
  }

  #show(quietly = false) {
    const pending = this.#outbox.all;
    const waiting = new Set(pending.map(({ id }) => id));
    const settled = [...this.#messages.values(), ...this.#accepted.values()]
      .filter(({ id }) => !waiting.has(id))
      .sort((one, other) => one.seq - other.seq);
    this.#view.show(settled, pending, quietly);
    this.#countUnread();
  }

  #countUnread() {
    const from = [...this.#messages.values()].filter(({ from }) => from !== "customer");
    const read = this.#store.get("read", 0);
    if (this.#view.isOpen) {
      const newest = Math.max(0, ...from.map(({ seq }) => seq));
      if (newest > read) this.#store.set("read", newest);
      this.#view.showUnread(0);
    } else this.#view.showUnread(from.filter(({ seq }) => seq > read).length);
  }
}
