/** The form that opens a restore ticket on the customer's behalf. */

import { newId } from "/widget/outbox.js";
import { isoDay } from "../core/format.js";
import { t } from "../texts.js";
import { ask } from "../ui/dialog.js";
import { choice, el, field, on, select } from "../ui/elements.js";
import { done } from "../ui/toast.js";

/**
 * @param {{address: string, addresses: string[]}} mailboxes the one it is about, and all that are known
 * @returns {Promise<boolean>} whether a ticket was opened
 */
export async function openRestore(desk, conversation, { address, addresses }) {
  const id = newId(); // the same form sent twice is one ticket
  const parts = makeParts(address, addresses);
  const opened = await ask({
    title: t.restore.title,
    confirm: t.restore.confirm,
    content: layout(parts),
    submit: () => desk.api.post(`conversations/${conversation}/restore`, { id, ...valuesOf(parts) }),
  });
  if (!opened) return false;
  done(opened.new ? t.restore.opened(opened.ticket.number) : t.restore.exists(opened.ticket.number));
  return true;
}

function makeParts(address, addresses) {
  const yesterday = new Date(Date.now() - 86_400_000);
  return {
    mailbox: select(
      addresses.map((one) => [one, one]),
      address,
    ),
    folder: el("input", { type: "text", placeholder: t.restore.whole }),
    day: el("input", { type: "date", required: true, value: isoDay(yesterday), max: isoDay(new Date()) }),
    time: el("input", { type: "time", required: true, value: "12:00" }),
    contact: el("input", { type: "text", required: true, value: t.restore.contactOnFile }),
    targets: makeTargets(),
  };
}

/** Overwriting loses what came since, so it has to be meant. */
function makeTargets() {
  const targets = ["subfolder", "overwrite"].map((target, at) =>
    choice(t.restore.targetNames[target], {
      type: "radio",
      name: "target",
      value: target,
      checked: at === 0,
      detail: t.restore.targetHints[target],
    }),
  );
  const sure = choice(t.restore.sure, { required: true });
  const set = el("fieldset", { class: "choices" }, el("legend", {}, t.restore.target), ...targets, sure);
  const showSure = () => {
    const overwrites = set.querySelector("[value=overwrite]").checked;
    sure.hidden = !overwrites;
    sure.querySelector("input").disabled = !overwrites;
  };
  showSure();
  return on(set, { change: showSure });
}

function layout({ mailbox, folder, day, time, contact, targets }) {
  return [
    field(t.restore.mailbox, mailbox),
    field(t.restore.folder, folder, { hint: t.restore.folderHint }),
    el("div", { class: "pair" }, field(t.restore.day, day), field(t.restore.time, time)),
    targets,
    field(t.restore.contact, contact, { hint: t.restore.contactHint }),
  ];
}

function valuesOf({ mailbox, folder, day, time, contact, targets }) {
  return {
    mailbox: mailbox.value,
    folder: folder.value.trim() || null,
    point: `${day.value}T${time.value}`,
    target: targets.querySelector("[name=target]:checked").value,
    contact: contact.value.trim(),
  };
}
