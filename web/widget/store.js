/** What outlives a reload, as far as the browser lets us. */

/** localStorage under the server's name; memory where storage is forbidden. */
export class Store {
  #prefix;
  #memory = new Map();

  /** @param {string} origin the chat server's */
  constructor(origin) {
    this.#prefix = `postbote:${origin}:`;
  }

  /** The value under `name`, or `fallback` when there is none or it cannot be read. */
  get(name, fallback = null) {
    const key = this.#prefix + name;
    if (this.#memory.has(key)) return this.#memory.get(key);
    try {
      const stored = localStorage.getItem(key);
      return stored === null ? fallback : JSON.parse(stored);
    } catch {
      return fallback; // storage is forbidden, or somebody else wrote there
    }
  }

  set(name, value) {
    const key = this.#prefix + name;
    try {
      localStorage.setItem(key, JSON.stringify(value));
      this.#memory.delete(key);
    } catch {
      this.#memory.set(key, value); // forbidden or full: kept for as long as the page lives
    }
  }

  remove(name) {
    const key = this.#prefix + name;
    this.#memory.delete(key);
    try {
      localStorage.removeItem(key);
    } catch {
      // storage is forbidden, so there is nothing to remove
    }
  }

  /** Calls `heard(name)` when another tab changes a value. */
  listen(heard) {
    addEventListener("storage", (event) => {
      if (event.key?.startsWith(this.#prefix)) heard(event.key.slice(this.#prefix.length));
    });
  }
}

/** What this tab alone remembers, for as long as it is open. */
export function recall(name, fallback) {
  try {
    return JSON.parse(sessionStorage.getItem(`postbote:${name}`)) ?? fallback;
  } catch {
    return fallback;
  }
}

export function remember(name, value) {
  try {
    sessionStorage.setItem(`postbote:${name}`, JSON.stringify(value));
  } catch {
    // storage is forbidden: forgotten at the next page
  }
}
