/** One request to the gateway, as JSON. */

/** The gateway answered, but not with what was asked for. */
export class Refused extends Error {
  constructor(status, code) {
    super(`The chat server answered ${status} (${code}).`);
    this.status = status;
    this.code = code;
  }
}

/**
 * @param {string} url
 * @param {{secret?: string, body?: object, method?: string, signal?: AbortSignal, seconds?: number}} options
 * @returns {Promise<object>} the answer; raises Refused, or what `fetch` raises without a connection
 */
export async function request(url, { secret, body, method = "GET", signal, seconds = 15 } = {}) {
  const headers = {};
  if (secret) headers.Authorization = `Bearer ${secret}`;
  if (body) headers["Content-Type"] = "application/json";
  const limit = new AbortController();
  const stop = () => limit.abort();
  const timer = setTimeout(stop, seconds * 1000);
  signal?.addEventListener("abort", stop);
  try {
    const response = await fetch(url, {
      method, headers, body: body && JSON.stringify(body), signal: limit.signal, credentials: "omit", cache: "no-store",
    });
    const answer = await response.json().catch(() => ({}));
    if (!response.ok) throw new Refused(response.status, answer.error ?? "failed");
    return answer;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
  }
}
