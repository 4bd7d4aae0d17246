/** Which view the address asks for, and going to another without loading the page anew. */

import { Emitter } from "./emitter.js";

const VIEW = /^\/desk(\/(search|figures|learning|admin))?$/;

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
    if (address !== location.pathname + location.search)
      history[replace ? "replaceState" : "pushState"](null, "", address);
    this.#changed();
  }

  #changed() {
    this.tell("changed", { path: this.path, query: this.query });
  }

  #click(event) {
    const link = event.target.closest?.("a[href]");
    const address = link && isPlain(event) && viewOf(link);
    if (!address) return;
    event.preventDefault();
    this.go(address);
  }
}

/** Neither a new tab nor a new window is wanted, nor has anybody else dealt with it. */
function isPlain({ button, metaKey, ctrlKey, shiftKey, altKey, defaultPrevented }) {
  return button === 0 && ![metaKey, ctrlKey, shiftKey, altKey, defaultPrevented].some(Boolean);
}

/** The address within the desk that a link leads to; null when it leads elsewhere. */
function viewOf(link) {
  const { origin, pathname, search } = new URL(link.href);
  const isView = origin === location.origin && VIEW.test(pathname);
  return isView && !link.target && !link.hasAttribute("download") ? pathname + search : null;
}

/** The address of a conversation. */
export function addressOf(conversation) {
  return `/desk?conversation=${encodeURIComponent(conversation)}`;
}
