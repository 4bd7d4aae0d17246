/** What the customer has not seen yet, and the page's title that tells of it. */

export class Unread {
  #store;
  /** What we put before the page's own title, which the page may change at any time. */
  #prefix = "";

  /** @param {import("./store.js").Store} store shared by all tabs */
  constructor(store) {
    this.#store = store;
  }

  /**
   * @param {object[]} messages
   * @param {boolean} looking whether the customer sees them now
   * @returns {number}
   */
  count(messages, looking) {
    const read = this.#store.get("read", 0);
    const newest = Math.max(0, ...messages.map(({ seq }) => seq));
    if (looking && newest > read) this.#store.set("read", newest);
    const unread = looking ? [] : messages.filter(({ seq }) => seq > read);
    this.#entitle(unread.filter(({ from }) => from === "agent").length); // only a person is worth the title
    return unread.length;
  }

  forget() {
    this.#store.remove("read");
  }

  #entitle(count) {
    const { title } = document;
    const own = title.startsWith(this.#prefix) ? title.slice(this.#prefix.length) : title;
    this.#prefix = count ? `(${count}) ` : "";
    if (title !== this.#prefix + own) document.title = this.#prefix + own;
  }
}
