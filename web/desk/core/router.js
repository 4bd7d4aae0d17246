/** Which view the address asks for, and going to another without loading the page anew. */

import { Emitter } from "./emitter.js";

/** Tells `changed` ({path, query}) when the address has changed. */
export class Router extends Emitter {
  constructor() {
    super();
    addEventListener("popstate", () => this.#changed());
    document.addEventListener("click", (event) => this.#click(event));
  }

  get path() {
    return location.pathname.replace(/\/$/, "");
  }

  get query() {
    return new URLSearchParams(location.search);
  }

  /** @param {{replace?: boolean}} how `replace` leaves no step back */
  go(address, { replace = false } = {}) {
    if (address !== location.pathname + location.search) history[replace ? "replaceState" : "pushState"](null, "", address);
    this.#changed();
  }

  #changed() {
    this.tell("changed", { path: this.path, query: this.query });
  }

  #click(event) {
    const link = event.target.closest?.("a[href]");
    const plain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
    if (!link || !plain || event.defaultPrevented || link.target || link.hasAttribute("download")) return;
    const address = new URL(link.href);
    const isView = address.origin === location.origin && /^\/desk(\/(search|figures|learning|admin))?$/.test(address.pathname);
    if (!isView) return;
    event.preventDefault();
    this.go(address.pathname + address.search);
  }
}

/** The address of a conversation. */
export function addressOf(conversation) {
  return `/desk?conversation=${encodeURIComponent(conversation)}`;
}
