/** Puts the chat on the page, and says who tells whom. */

import { Connection } from "./connection.js";
import { Conversation } from "./conversation.js";
import { Identity } from "./identity.js";
import { Outbox } from "./outbox.js";
import { Privacy } from "./privacy.js";
import { Signals } from "./signals.js";
import { Store } from "./store.js";
import { textsFor } from "./texts.js";
import { save } from "./transcript.js";
import { Unread } from "./unread.js";
import { View } from "./view.js";

/** Bytes that fit into one frame of the gateway with room for the rest; more is refused here. */
const LARGEST = 60_000;

/** @param {{origin: string, title?: string, greeting?: string, color?: string, lang?: string, position?: string, token?: string, open: boolean}} settings */
export function startChat(settings) {
  return new Chat(settings);
}

class Chat {
  #texts;
  #outbox;
  #conversation;
  #signals;
  #unread;
  #privacy;
  #view;
  #identity;
  #connection;

  constructor(settings) {
    const { origin } = settings;
    const store = new Store(origin);
    this.#texts = textsFor(settings.lang, settings);
    this.#outbox = new Outbox(store, () => this.#show());
    this.#conversation = new Conversation(store, this.#outbox);
    this.#signals = new Signals(store, (frame) => this.#connection.signal(frame));
    this.#unread = new Unread(store);
    this.#privacy = new Privacy({ origin, store, texts: this.#texts, settled: (words) => this.#agreed(words) });
    this.#view = new View(settings, this.#texts, this.#doers(), this.#privacy.element);
    this.#identity = new Identity(origin, settings.token);
    this.#connection = new Connection({
      origin, store, outbox: this.#outbox, identity: this.#identity, privacy: this.#privacy, tell: (frame) => this.#hear(frame),
    });
    store.listen(() => this.#otherTab());
    document.addEventListener("visibilitychange", () => this.#countUnread());
    this.#view.showStatus(this.#conversation.status, null);
    this.#view.begin(settings.open);
    this.#show();
    this.#connection.run();
  }

  /** For the page: `postbote.identify(token)`. */
  identify(token) {
    this.#identity.set(token);
    return this.#connection.prove();
  }

  /** What the customer does, and what is noticed of it. */
  #doers() {
    return {
      say: (text) => this.#say(text),
      choose: (button) => this.#say(button.title, button.id),
      rate: (seq, up) => this.#rate(seq, up),
      save: () => save(this.#conversation.settled, this.#texts),
      wrote: (something) => this.#conversation.isWithPeople && this.#signals.typing(something),
      read: (seq) => this.#signals.seen(seq, true),
      toggled: () => this.#toggled(),
    };
  }

  #toggled() {
    this.#countUnread();
    if (this.#view.isOpen) this.#privacy.load();
  }

  /** The words about privacy were seen or accepted. */
  #agreed(words) {
    this.#view.refuse(null);
    this.#connection.consent(words);
    this.#connection.wake();
  }

  #say(text, choice) {
    if (new Blob([JSON.stringify(text)]).size > LARGEST) return this.#view.refuse(this.#reason("too_long", text), text);
    if (this.#privacy.isOpen) {
      this.#view.refuse(this.#texts.privacy.first, choice ? null : text);
      return this.#privacy.focus();
    }
    this.#view.refuse(null);
    this.#view.calm();
    this.#privacy.saw();
    this.#outbox.add(text, choice);
    this.#connection.wake();
  }

  #rate(seq, up) {
    this.#signals.rate(seq, up);
    this.#show();
  }

  #hear(frame) {
    const kinds = {
      welcome: () => this.#welcome(frame),
      message: () => this.#take([frame.message]),
      accepted: () => this.#settle(frame),
      typing: () => this.#showTyping(frame.on),
      status: () => this.#change(frame.status),
      connection: () => this.#showConnection(frame.state),
      error: () => this.#refused(frame),
      forgotten: () => this.#forget(),
      consent: () => this.#privacy.reload(),
    };
    kinds[frame.type]?.(); // kinds of frames that come with later servers are none of ours
  }

  #welcome({ messages, status }) {
    this.#signals.renew();
    this.#change(status);
    this.#take(messages, this.#conversation.isEmpty);
  }

  /** @param {boolean} known whether these are what was said before, and thus no news to read out */
  #take(messages, known = false) {
    this.#conversation.take(messages);
    const newest = this.#conversation.saidBy("agent").at(-1);
    if (newest) this.#signals.seen(newest.seq, false);
    this.#show(known);
  }

  #change(status) {
    const before = this.#conversation.change(status);
    if (!before) return;
    if (before.holder === "agent") this.#view.showTyping(false);
    this.#view.showStatus(this.#conversation.status, before);
    this.#show();
  }

  #showTyping(on) {
    const { holder, agent } = this.#conversation.status;
    this.#view.showTyping(on, holder === "agent" ? agent || this.#texts.agent : null);
  }

  #showConnection(state) {
    if (state === "offline") this.#view.showTyping(false); // nobody would tell us when it stops
    this.#view.showConnection(state);
  }

  #settle(frame) {
    this.#view.refuse(null);
    this.#conversation.settle(frame);
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
    for (const part of [this.#conversation, this.#signals, this.#unread]) part.forget();
    this.#outbox.dropChoices();
    this.#view.showTyping(false);
    this.#view.showStatus(this.#conversation.status, null);
    this.#view.note(this.#texts.newConversation);
    this.#show();
  }

  #otherTab() {
    this.#show();
    this.#connection.wake();
  }

  #show(quietly = false) {
    const { ratings } = this.#signals;
    const settled = this.#conversation.settled.map((message) => (message.rateable ? { ...message, rated: ratings[message.seq] } : message));
    const pending = this.#outbox.all.map((entry) => ({ ...entry, from: "customer", pending: true }));
    this.#view.show([...settled, ...pending], pending.length ? null : this.#offer(settled), quietly);
    this.#countUnread();
  }

  /** The message whose buttons can be pressed: the last one; but while a person writes, the bot's are out of date. */
  #offer(settled) {
    const last = settled.findLast(({ from }) => from !== "notice");
    const held = this.#conversation.status.holder === "agent";
    return last && last.from !== "customer" && !(held && last.from === "bot") ? last : null;
  }

  #countUnread() {
    const looking = this.#view.isOpen && !document.hidden;
    this.#view.showUnread(this.#unread.count(this.#conversation.saidBy("bot", "agent"), looking));
  }
}
