/** Shows what the demo would have mailed; looks every two seconds. */

const list = document.querySelector("#mails");
const state = document.querySelector("#state");
let shown = "";

function element(tag, text) {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}

function item({ to, subject, text, at }) {
  const mail = document.createElement("li");
  const time = new Date(at).toLocaleTimeString("de-DE", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
  mail.append(element("h2", subject), element("p", `An ${to}, ${time} Uhr`), element("pre", text));
  return mail;
}

async function refresh() {
  try {
    const response = await fetch("/demo/mails.json");
    const body = await response.text();
    if (!response.ok) {
      state.textContent = "Dieser Server verschickt echte E-Mails; hier gibt es nichts zu sehen.";
      return;
    }
    if (body !== shown) {
      shown = body;
      const mails = JSON.parse(body);
      state.hidden = mails.length > 0;
      list.replaceChildren(...mails.map(item));
    }
  } catch {
    state.hidden = false;
    state.textContent = "Der Server antwortet gerade nicht.";
  }
  setTimeout(refresh, 2000);
}

refresh();
