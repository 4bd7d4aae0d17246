/** Coming in: by password, or by the hoster's own sign-in where there is one. */

import { Refused } from "../core/api.js";
import { time } from "../core/format.js";
import { speak, t } from "../texts.js";
import { el, field, on } from "../ui/elements.js";
import { reasonOf } from "../ui/toast.js";

export const SIGN_IN = "/desk/sign-in";

export async function showSignIn(api) {
  const place = el("main", { class: "sign-in" });
  document.body.prepend(place);
  try {
    const ways = await api.get("sign-in");
    speak(ways.language);
    show(api, place, ways);
  } catch (error) {
    place.append(el("p", { class: "problem", role: "alert" }, reasonOf(error)));
  }
}

function show(api, place, { password, oidc }) {
  document.documentElement.lang = t.tag.slice(0, 2);
  document.title = `${t.signIn.title} – Postbote`;
  const error = el("p", { class: "form-error", role: "alert" }, came());
  place.replaceChildren(
    el(
      "div",
      { class: "sign-in-card" },
      el("img", { src: "/desk/static/icon.svg", alt: "", width: "44", height: "44" }),
      el("h1", {}, t.signIn.title),
      el("p", { class: "muted" }, t.signIn.lead),
      error,
      oidc ? el("a", { class: "button plain wide", href: "/desk/oidc/start" }, t.signIn.with(oidc)) : null,
      oidc && password ? el("p", { class: "or" }, t.signIn.or) : null,
      password ? form(api, error) : null,
    ),
  );
  place.querySelector("input")?.focus();
}

/** Why the provider of identities sent the agent back. */
function came() {
  const code = new URLSearchParams(location.search).get("error");
  return code ? (t.errors[code] ?? t.signIn.refused) : "";
}

function form(api, error) {
  const login = el("input", {
    type: "email",
    name: "login",
    autocomplete: "username",
    required: true,
    spellcheck: "false",
  });
  const password = el("input", {
    type: "password",
    name: "password",
    autocomplete: "current-password",
    required: true,
  });
  const go = el("button", { class: "button primary wide", type: "submit" }, t.signIn.go);
  const element = el(
    "form",
    { novalidate: true },
    field(t.signIn.login, login),
    field(t.signIn.password, password),
    go,
  );
  return on(element, { submit: (event) => (event.preventDefault(), send(api, { login, password, go, error })) });
}

async function send(api, { login, password, go, error }) {
  const missing = [login, password].find(({ value }) => !value.trim());
  if (missing) return missing.focus();
  if (go.getAttribute("aria-disabled") === "true") return;
  go.setAttribute("aria-disabled", "true");
  error.textContent = "";
  try {
    await api.post("session", { login: login.value.trim(), password: password.value });
    location.replace("/desk");
  } catch (problem) {
    error.textContent = reasonFor(problem);
    password.select();
    go.removeAttribute("aria-disabled");
  }
}

function reasonFor(problem) {
  const until = problem instanceof Refused && problem.code === "locked" && problem.details.until;
  return until ? t.signIn.lockedUntil(time(until)) : reasonOf(problem);
}
