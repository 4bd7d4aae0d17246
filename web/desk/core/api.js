/** Requests to the desk's server: docs/desk-protocol.md. */

import { learnTime } from "./clock.js";

const SECONDS = 20;

/** The server answered, but not with what was asked for. */
export class Refused extends Error {
  constructor(status, details) {
    super(details.message ?? `The server answered ${status}.`);
    this.status = status;
    this.code = details.error ?? "failed";
    this.details = details;
  }
}

/** There was no answer. */
export class Unreachable extends Error {}

export class Api {
  /** Sent with whatever changes something; comes with `me`. */
  csrf = null;
  #signedOut;

  /** @param {() => void} signedOut called when the server no longer knows the session */
  constructor(signedOut) {
    this.#signedOut = signedOut;
  }

  /** @returns {Promise<any>} the answer, null when it has no body; raises Refused or Unreachable */
  get(path, query = {}) {
    return this.#request("GET", path + queryOf(query));
  }

  post(path, body) {
    return this.#request("POST", path, body);
  }

  put(path, body) {
    return this.#request("PUT", path, body);
  }

  remove(path) {
    return this.#request("DELETE", path);
  }

  async #request(method, path, body) {
    const response = await this.#fetch(method, path, body);
    learnTime(response.headers.get("Date"));
    const text = await response.text().catch(() => "");
    if (response.ok) return text ? JSON.parse(text) : null;
    const refused = new Refused(response.status, parsed(text));
    if (refused.code === "not_signed_in") this.#signedOut();
    throw refused;
  }

  async #fetch(method, path, body) {
    const headers = {};
    if (body !== undefined) headers["Content-Type"] = "application/json";
    if (method !== "GET" && this.csrf) headers["X-CSRF-Token"] = this.csrf;
    const signal = AbortSignal.timeout(SECONDS * 1000);
    try {
      return await fetch(`/desk/api/${path}`, {
        method,
        headers,
        signal,
        body: body === undefined ? undefined : JSON.stringify(body),
        cache: "no-store",
        credentials: "same-origin",
      });
    } catch (error) {
      throw new Unreachable(`${method} ${path} got no answer.`, { cause: error });
    }
  }
}

/** `?a=1&b=2` of what is not empty. */
export function queryOf(values) {
  const filled = Object.entries(values).filter(([, value]) => value !== null && value !== undefined && value !== "");
  return filled.length ? `?${new URLSearchParams(filled)}` : "";
}

/** What stands before a server may answer in HTML. */
function parsed(text) {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}
