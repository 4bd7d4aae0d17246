/** Where it begins: signed in or not, and which view. */

import { recall, remember } from "/widget/store.js";
import { Api, Refused } from "./core/api.js";
import { startClock } from "./core/clock.js";
import { Desk } from "./core/desk.js";
import { Router } from "./core/router.js";
import { showSignIn, SIGN_IN } from "./pages/sign-in.js";
import { Shell } from "./shell/shell.js";
import { speak, t } from "./texts.js";
import { el } from "./ui/elements.js";
import { startToasts } from "./ui/toast.js";

const AGAIN_AFTER = 3_000;

const api = new Api(toSignIn);

/** To the sign-in, and back to this very place afterwards; what was begun is kept by this tab. */
function toSignIn() {
  if (location.pathname === SIGN_IN) return;
  remember("desk:back", location.pathname + location.search);
  location.replace(SIGN_IN);
}

async function begin() {
  speak(navigator.language);
  startToasts();
  if (location.pathname === SIGN_IN) return showSignIn(api);
  const me = await whoAmI();
  if (!me) return;
  comeBack();
  speak(me.agent.language);
  startClock();
  const desk = new Desk(api, me);
  new Shell(desk, new Router()).start();
  desk.start();
}

/** Asked for as long as the server is away; null when somebody has to sign in first. */
async function whoAmI() {
  const note = el("p", { class: "loading boot", role: "status" });
  document.body.append(note);
  for (;;) {
    try {
      return await api.get("me").finally(() => note.remove());
    } catch (error) {
      if (error instanceof Refused && error.status === 401) return null;
      note.textContent = t.starting;
      document.body.append(note);
      await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER));
    }
  }
}

/** After signing in: where the agent was before. */
function comeBack() {
  const back = recall("desk:back", null);
  remember("desk:back", null);
  if (back && location.pathname === "/desk" && !location.search) history.replaceState(null, "", back);
}

begin();
