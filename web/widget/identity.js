/** Tells the server who the customer is, by the token of the hoster's page on which they are signed in. */

import { Refused, request } from "./http.js";

export class Identity {
  #origin;
  #token;
  /** The conversation's secret and the token that were settled last. */
  #settled = "";

  constructor(origin, token) {
    this.#origin = origin;
    this.#token = token;
  }

  /** A new token, such as before the old one expires; null when the customer signs out. */
  set(token) {
    this.#token = token;
  }

  /** Once for each conversation and token. Without a connection it is tried again with the next one. */
  async prove(secret) {
    const pair = `${secret} ${this.#token}`;
    if (!this.#token || this.#settled === pair) return;
    try {
      await request(`${this.#origin}/channels/web/identity`, { secret, body: { token: this.#token }, method: "POST" });
      this.#settled = pair;
    } catch (error) {
      if (!(error instanceof Refused)) return;
      this.#settled = pair; // the same token would be refused again
      console.warn("Postbote: the page's token was refused; the customer will be asked for a code.", error);
    }
  }
}
