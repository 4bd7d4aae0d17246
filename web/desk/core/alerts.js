/** Tells an agent who looks elsewhere: a number in the page's title, and the browser's notifications if wanted. */

import { Store } from "/widget/store.js";
import { t } from "../texts.js";
import { nameOf } from "./format.js";
import { addressOf } from "./router.js";

const store = new Store("desk");

export class Alerts {
  #desk;
  #router;
  #title = "Postbote";

  constructor(desk, router) {
    this.#desk = desk;
    this.#router = router;
    desk.on("lists", ({ lists, before }) => {
      this.#showTitle();
      if (before && document.hidden) this.#compare(before, lists);
    });
  }

  /** What the page is called without the number. */
  setTitle(title) {
    this.#title = title;
    this.#showTitle();
  }

  get isPossible() {
    return "Notification" in globalThis && Notification.permission !== "denied";
  }

  get isOn() {
    return this.isPossible && Notification.permission === "granted" && store.get("notify", false);
  }

  /** Only at the agent's word; the browser asks once. @returns {Promise<boolean>} whether it is on */
  async turn(on) {
    store.set("notify", on && (await Notification.requestPermission()) === "granted");
    return this.isOn;
  }

  #showTitle() {
    const count = this.#desk.waiting;
    document.title = count ? `(${count}) ${this.#title}` : this.#title;
  }

  #compare(before, lists) {
    const waited = new Set(before.queue.map(({ conversation }) => conversation));
    const unread = new Map(before.mine.map((one) => [one.conversation, one.unread]));
    for (const one of lists.queue)
      if (!waited.has(one.conversation)) this.#notify(one, t.alerts.queued(t.reasons[one.reason]));
    for (const one of lists.mine)
      if (one.unread > (unread.get(one.conversation) ?? one.unread)) this.#notify(one, t.alerts.message);
  }

  /** Without the customer's words: a locked screen shows notifications, too. */
  #notify(one, text) {
    if (!this.isOn) return;
    const note = new Notification(nameOf(one), { body: text, tag: one.conversation, icon: "/desk/static/icon.svg" });
    note.onclick = () => {
      focus();
      this.#router.go(addressOf(one.conversation));
      note.close();
    };
  }
}
