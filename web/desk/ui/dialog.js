/** Modal dialogs: native ones, which keep the focus within and give it back. */

import { t } from "../texts.js";
import { button, el, on } from "./elements.js";
import { reasonOf } from "./toast.js";

let dialogs = 0;

/**
 * Asks something in a form. Resolves with what `submit` returned, or with null when the agent left.
 * @param {{title: string, content: Node[], confirm: string, submit: (form: HTMLFormElement) => any, danger?: boolean, wide?: boolean, possible?: boolean}} options
 *   what `submit` raises is shown in the dialog, which then stays
 */
export function ask({ title, content, confirm, submit, danger = false, wide = false, possible = true }) {
  return new Promise((resolve) => {
    const error = el("p", { class: "form-error", role: "alert" });
    const go = el(
      "button",
      { class: `button ${danger ? "danger" : "primary"}`, type: "submit", disabled: !possible },
      confirm,
    );
    const leave = button(t.cancel, () => dialog.close(), { kind: "plain" });
    const form = el(
      "form",
      { class: "dialog-form", novalidate: true },
      el("div", { class: "dialog-body" }, ...content, error),
      el("footer", { class: "dialog-foot" }, leave, go),
    );
    const dialog = openDialog(title, form, { wide, closed: () => resolve(null) });
    on(form, { submit: (event) => send(event, { dialog, form, go, error, submit, resolve }) });
  });
}

async function send(event, { dialog, form, go, error, submit, resolve }) {
  event.preventDefault();
  if (go.getAttribute("aria-disabled") === "true" || !isFilled(form, error)) return;
  go.setAttribute("aria-disabled", "true");
  error.textContent = "";
  try {
    resolve((await submit(form)) ?? true);
    dialog.close();
  } catch (problem) {
    error.textContent = reasonOf(problem);
  } finally {
    go.removeAttribute("aria-disabled");
  }
}

/** The browser's own checks, in our words and place. */
function isFilled(form, error) {
  for (const control of form.querySelectorAll("[aria-invalid]")) control.removeAttribute("aria-invalid");
  const wrong = form.querySelector(":invalid:not(fieldset)");
  if (!wrong) return true;
  wrong.setAttribute("aria-invalid", "true");
  wrong.focus();
  error.textContent = wrong.validationMessage;
  return false;
}

/** Shows content in a modal dialog with a title and a way out. */
export function openDialog(title, content, { wide = false, closed = () => {} } = {}) {
  const id = `dialog-${++dialogs}`;
  const heading = el("h2", { id }, title);
  const leave = button(t.closeDialog, () => dialog.close(), { icon: "close", kind: "quiet", bare: true });
  const dialog = el(
    "dialog",
    { class: `dialog${wide ? " wide" : ""}`, "aria-labelledby": id },
    el("header", { class: "dialog-head" }, heading, leave),
    content,
  );
  on(dialog, {
    close: () => (dialog.remove(), closed()),
    pointerdown: (event) => event.target === dialog && dialog.close(),
  });
  document.body.append(dialog);
  dialog.showModal();
  dialog.querySelector(".dialog-body :is(input, select, textarea), .dialog-form [type=submit]")?.focus();
  return dialog;
}
