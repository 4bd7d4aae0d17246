/** The conversation that is open: what is said in it, and all that the agent does in it. */

import { nameOf } from "../core/format.js";
import { t } from "../texts.js";
import { el, empty, loading } from "../ui/elements.js";
import { failed, reasonOf } from "../ui/toast.js";
import { Acts } from "./acts.js";
import { Composer } from "./composer.js";
import { Head } from "./head.js";
import { Panel } from "./panel.js";
import { Stream } from "./stream.js";
import { Transcript } from "./transcript.js";

export class Conversation {
  /** The middle column, and the side panel. */
  elements;
  /** Set before `open`: the case that the agent has just claimed, and will write in. */
  claimed = null;
  #desk;
  #id = null;
  #case = null;
  #wasListed = false;
  #transcript = new Transcript();
  #head;
  #stream;
  #composer;
  #panel;
  #place = el("section", { class: "conversation", "aria-label": t.conversation }, nothingOpen());

  /** @param {{shortcuts: object, claim: (id: string) => Promise, leave: () => void}} doers */
  constructor(desk, { shortcuts, claim, leave }) {
    this.#desk = desk;
    const claimThis = () => claim(this.#id);
    const acts = new Acts(desk, {
      current: () => this.#case,
      changed: (one) => one.conversation === this.#id && this.#showCase(one),
      claim: claimThis,
    });
    this.#panel = new Panel(desk, { addNote: (text) => this.#addNote(text) });
    this.#head = new Head(desk, { acts, leave, panel: this.#panel });
    this.#stream = new Stream({
      older: () => this.#older(),
      retry: (seq) => desk.api.post(`conversations/${this.#id}/retry`, { seq }),
      again: (entry) => desk.outbox.again(entry),
      drop: (entry) => this.#backToBox(entry),
      customer: () => nameOf(this.#case),
      file: (file) => `/desk/api/conversations/${this.#id}/attachments/${file}`,
    });
    this.#composer = new Composer(desk, {
      say: (text) => desk.outbox.add(this.#id, text),
      addNote: (text) => this.#addNote(text),
      claim: claimThis,
      values: () => this.#panel.valuesFor(this.#case),
    });
    this.elements = [this.#place, this.#panel.element];
    this.#listen();
    this.#addShortcuts(shortcuts, acts);
  }

  /** @param {string | null} id */
  open(id) {
    const { claimed } = this;
    this.claimed = null;
    if (id === this.#id) return claimed && this.#write(claimed);
    this.#composer.leave();
    this.#id = id;
    this.#case = null;
    this.#wasListed = false;
    this.#transcript = new Transcript();
    this.#desk.live.watch(id);
    this.#panel.open(id);
    if (!id) return this.#place.replaceChildren(nothingOpen());
    this.#place.replaceChildren(loading(t.loading));
    return this.#load(id, true).then(() => claimed && id === this.#id && this.#composer.focus());
  }

  #write(claimed) {
    this.#showCase(claimed);
    this.#composer.focus();
  }

  /** Everything from the server: at the beginning, and after the connection was lost. Each time is a line in the audit log. */
  async #load(id, first = false) {
    const shown = this.#case;
    try {
      const loaded = await this.#desk.api.get(`conversations/${id}`);
      if (id !== this.#id) return;
      if (first) this.#begin(id, loaded);
      // What the socket told meanwhile is newer.
      if (this.#case === shown) this.#showCase(loaded.case);
      this.#transcript.take(loaded.messages);
      this.#transcript.takeNotes(loaded.notes);
      this.#show(true);
    } catch (error) {
      if (id === this.#id) this.#tellFailure(error, first);
    }
  }

  #tellFailure(error, first) {
    if (first) this.#place.replaceChildren(empty(t.errors.notLoaded, reasonOf(error), "warning"));
    else failed(error);
  }

  #begin(id, { more }) {
    this.#transcript.more = more;
    this.#place.replaceChildren(this.#head.element, this.#stream.element, this.#composer.element);
    this.#composer.open(id);
    this.#stream.toEnd();
  }

  #listen() {
    const here = (act) => (frame) => frame.conversation === this.#id && this.#case && act(frame);
    this.#desk.on(
      "message",
      here(({ message }) => this.#take(message)),
    );
    this.#desk.on(
      "note",
      here(({ note }) => this.#takeNote(note)),
    );
    this.#desk.on(
      "typing",
      here(({ on }) => this.#stream.showTyping(on)),
    );
    this.#desk.on("lists", () => this.#takeLists());
    this.#desk.on("status", ({ on }) => on && this.#case && this.#load(this.#id));
    this.#desk.outbox.on("changed", (id) => id === this.#id && this.#case && (this.#show(), this.#stream.toEnd()));
    this.#desk.outbox.on(
      "sent",
      here(({ message }) => this.#take(message)),
    );
  }

  #takeLists() {
    if (!this.#case) return;
    const listed = this.#desk.find(this.#id);
    if (listed) {
      this.#showCase(listed);
      this.#show();
    } else if (this.#wasListed) this.#load(this.#id); // closed, or quiet for a day
    this.#wasListed = Boolean(listed);
  }

  #take(message) {
    const grown = this.#transcript.take([message]);
    if (grown && message.from === "customer") this.#composer.customerSaid();
    this.#show(false, grown);
  }

  #takeNote(note) {
    this.#transcript.takeNotes([note]);
    this.#show();
  }

  #showCase(one) {
    this.#case = one;
    this.#head.show(one);
    this.#composer.show(one);
    this.#panel.show(one);
    this.#stream.showTyping(this.#desk.typing.has(one.conversation));
  }

  #show(quiet = false, grown = false) {
    const entries = this.#transcript.entries(this.#desk.outbox.of(this.#id), this.#case);
    this.#stream.show(entries, { more: this.#transcript.more, quiet, grown });
    this.#panel.showNotes(this.#transcript.notes);
  }

  async #older() {
    const { messages, more } = await this.#desk.api.get(`conversations/${this.#id}`, {
      before: this.#transcript.oldest,
    });
    this.#transcript.take(messages);
    this.#transcript.more = more;
    this.#show(true);
  }

  async #addNote(text) {
    this.#takeNote(await this.#desk.api.post(`conversations/${this.#id}/notes`, { text }));
  }

  #backToBox(entry) {
    this.#desk.outbox.drop(entry);
    this.#composer.insert(entry.text);
  }

  #addShortcuts(shortcuts, acts) {
    const here = (act) => () => this.#case && act();
    shortcuts.add({
      "Alt+R": here(() => this.#composer.write("reply")),
      "Alt+I": here(() => this.#composer.toggleNote()),
      "Alt+U": here(() => acts.run("claim")),
      "Alt+T": here(() => acts.run("transfer")),
      "Alt+B": here(() => acts.run("giveBack")),
      "Alt+S": here(() => acts.run("close")),
      "Alt+P": here(() => this.#panel.toggle()),
    });
    for (const place of [1, 2, 3]) shortcuts.add({ [`Alt+${place}`]: here(() => this.#composer.suggest(place)) });
  }
}

function nothingOpen() {
  return empty(t.noConversation, t.noConversationHint, "talks");
}
