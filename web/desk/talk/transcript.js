/** What was said in one conversation, with notes, in order. Knows nothing of the page. */

const TOGETHER = 5 * 60_000;
const RANKS = ["queued", "sent", "delivered", "read"];

export class Transcript {
  /** Whether there are older messages than these. */
  more = false;
  #messages = new Map();
  #notes = new Map();

  /** @returns {boolean} whether one of them was not known */
  take(messages) {
    const known = this.#messages.size;
    for (const message of messages) this.#messages.set(message.seq, message);
    return this.#messages.size > known;
  }

  takeNotes(notes) {
    for (const note of notes) this.#notes.set(note.id, note);
  }

  get notes() {
    return [...this.#notes.values()].sort((one, other) => one.id - other.id);
  }

  get messages() {
    return [...this.#messages.values()].sort((one, other) => one.seq - other.seq);
  }

  get oldest() {
    return Math.min(...this.#messages.keys());
  }

  /** Whether a message is the one that was sent with this id; the server puts its own words before the id. */
  has(id) {
    return this.messages.some((message) => message.id.endsWith(id));
  }

  /**
   * All that is shown, oldest first, with a line for each day.
   * @param {object[]} pending entries of the outbox
   * @param {object} one the case, whose marks may be ahead of the messages'
   */
  entries(pending, one) {
    const said = this.#merged().map((entry) =>
      entry.kind === "message" ? { ...entry, delivery: deliveryOf(entry, one) } : entry,
    );
    const waiting = pending
      .filter(({ id }) => !this.has(id))
      .map((entry) => ({ ...entry, kind: "pending", key: `p${entry.id}`, from: "agent" }));
    const all = [...said, ...waiting];
    const last = all.findLast(({ from, kind }) => from === "agent" && kind === "message");
    return withDays(all).map((entry, at, those) => ({
      ...entry,
      follows: isTogether(those[at - 1], entry),
      isLast: entry.key === last?.key,
    }));
  }

  #merged() {
    const notes = this.notes.map((note) => ({ ...note, kind: "note", key: `n${note.id}` }));
    const merged = [];
    for (const message of this.messages) {
      while (notes.length && Date.parse(notes[0].at) < Date.parse(message.at)) merged.push(notes.shift());
      merged.push({ ...message, kind: "message", key: `m${message.seq}` });
    }
    return [...merged, ...notes];
  }
}

function deliveryOf({ from, seq, delivery }, one) {
  if (from !== "agent" || delivery === "failed" || !delivery) return delivery;
  const marked = [seq <= one.read_seq && "read", seq <= one.delivered_seq && "delivered"];
  return RANKS[Math.max(...[delivery, ...marked].map((rank) => RANKS.indexOf(rank)))];
}

function withDays(entries) {
  const known = new Set();
  return entries.flatMap((entry) => {
    const day = new Date(entry.at).toDateString();
    if (known.has(day)) return [entry];
    known.add(day);
    return [{ kind: "day", key: `d${day}`, at: entry.at }, entry];
  });
}

/** Whether it goes on what the same one said just before, so that the name need not stand there again. */
function isTogether(before, entry) {
  if (!before || !before.from || before.from !== entry.from) return false; // days and notes are from nobody
  // What waits to be sent is one's own, and so was what stands before it.
  const same = entry.kind === "pending" || before.agent?.id === entry.agent?.id;
  return same && Date.parse(entry.at) - Date.parse(before.at) < TOGETHER;
}
