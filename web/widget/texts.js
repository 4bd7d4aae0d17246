/** Everything that the widget itself says to customers. */

const de = {
  title: "Postbote",
  greeting: "Guten Tag! Wobei darf ich Ihnen helfen?",
  region: "Chat",
  launcherOpen: "Chat öffnen",
  launcherClose: "Chat schließen",
  unread: (count) => (count === 1 ? "1 neue Nachricht" : `${count} neue Nachrichten`),
  close: "Chat schließen",
  log: "Gesprächsverlauf",
  choices: "Antworten zur Auswahl",
  placeholder: "Ihre Nachricht …",
  input: "Ihre Nachricht",
  send: "Nachricht senden",
  you: "Sie",
  agent: "Kundenservice",
  pending: "wird gesendet",
  typing: "Antwort wird geschrieben",
  writes: (name) => `${name} schreibt …`,
  connection: { idle: "Bereit für Ihre Frage", connecting: "Verbindung wird aufgebaut", online: "verbunden", offline: "keine Verbindung" },
  holder: {
    queued: (position) => {
      if (!position) return "Sie sind in der Warteschlange.";
      return position === 1 ? "Sie sind als Nächstes an der Reihe." : `Sie sind Nummer ${position} in der Warteschlange.`;
    },
    agent: (name) => `Sie schreiben mit ${name}.`,
    bot: "Sie schreiben wieder mit dem Bot.",
    closed: "Das Gespräch ist beendet. Wenn Sie noch etwas brauchen, schreiben Sie einfach.",
  },
  menu: "Menü",
  save: "Verlauf herunterladen",
  transcript: (title) => `${title}: Gesprächsverlauf`,
  transcriptFile: "Chatverlauf",
  helpful: { question: "Hat das geholfen?", yes: "Ja, das hat geholfen", no: "Nein, das hat nicht geholfen", thanks: "Danke für Ihre Rückmeldung." },
  stars: (count) => `${count} von 5 Sternen`,
  offlineNote: "Ihre Nachricht wird gesendet, sobald die Verbindung wieder steht.",
  privacy: {
    label: "Datenschutz",
    stored: (days) => `Damit wir Ihnen antworten können, speichern wir dieses Gespräch. In der Regel löschen wir es ${days === 1 ? "einen Tag" : `${days} Tage`} nach der letzten Nachricht.`,
    more: "Mehr dazu in unserer",
    policy: "Datenschutzerklärung",
    newWindow: "(öffnet sich in einem neuen Fenster)",
    ask: "Sind Sie damit einverstanden?",
    accept: "Einverstanden",
    first: "Bitte stimmen Sie zuerst der Speicherung zu. Ihre Nachricht bleibt hier stehen.",
  },
  newConversation: "Das frühere Gespräch ist nicht mehr verfügbar. Wir beginnen ein neues.",
  errors: {
    too_long: (count) => `Ihre Nachricht ist mit ${count} Zeichen zu lang. Bitte kürzen Sie sie oder senden Sie sie in mehreren Teilen.`,
    empty: () => "Bitte schreiben Sie etwas, bevor Sie senden.",
    too_many: () => "Das ging sehr schnell. Ihre Nachricht wird in wenigen Augenblicken gesendet.",
    unknown_choice: () => "Diese Auswahl gilt nicht mehr. Schreiben Sie uns bitte in eigenen Worten.",
    other: () => "Das konnte nicht gesendet werden. Bitte versuchen Sie es noch einmal.",
  },
};

const en = {
  title: "Postbote",
  greeting: "Hello! How can I help you?",
  region: "Chat",
  launcherOpen: "Open chat",
  launcherClose: "Close chat",
  unread: (count) => (count === 1 ? "1 new message" : `${count} new messages`),
  close: "Close chat",
  log: "Conversation",
  choices: "Suggested replies",
  placeholder: "Your message …",
  input: "Your message",
  send: "Send message",
  you: "You",
  agent: "Support",
  pending: "sending",
  typing: "A reply is being written",
  writes: (name) => `${name} is writing …`,
  connection: { idle: "Ready for your question", connecting: "Connecting", online: "connected", offline: "no connection" },
  holder: {
    queued: (position) => {
      if (!position) return "You are in the queue.";
      return position === 1 ? "You are next in line." : `You are number ${position} in the queue.`;
    },
    agent: (name) => `You are chatting with ${name}.`,
    bot: "You are chatting with the bot again.",
    closed: "This conversation has ended. If you need anything else, just write.",
  },
  menu: "Menu",
  save: "Download conversation",
  transcript: (title) => `${title}: conversation`,
  transcriptFile: "conversation",
  helpful: { question: "Did this help?", yes: "Yes, this helped", no: "No, this did not help", thanks: "Thank you for your feedback." },
  stars: (count) => `${count} out of 5 stars`,
  offlineNote: "Your message will be sent as soon as the connection is back.",
  privacy: {
    label: "Privacy",
    stored: (days) => `We store this conversation so that we can answer you. As a rule we delete it ${days === 1 ? "one day" : `${days} days`} after the last message.`,
    more: "More about this in our",
    policy: "privacy policy",
    newWindow: "(opens in a new window)",
    ask: "Do you agree?",
    accept: "I agree",
    first: "Please agree to this first. Your message stays here.",
  },
  newConversation: "The earlier conversation is no longer available. We are starting a new one.",
  errors: {
    too_long: (count) => `Your message is too long (${count} characters). Please shorten it or send it in parts.`,
    empty: () => "Please write something before sending.",
    too_many: () => "That was very quick. Your message will be sent in a moment.",
    unknown_choice: () => "This option is no longer valid. Please tell us in your own words.",
    other: () => "This could not be sent. Please try again.",
  },
};

const languages = { de, en };

/**
 * The language asked for, else the page's, else German; with its tag for dates and numbers.
 * @param {string} [language]
 * @param {{title?: string, greeting?: string}} own what the page says instead
 */
export function textsFor(language, { title, greeting } = {}) {
  const tags = [language, document.documentElement.lang].map((tag) => tag?.slice(0, 2).toLowerCase());
  const tag = tags.find((candidate) => Object.hasOwn(languages, candidate ?? "")) ?? "de";
  const texts = languages[tag];
  return { ...texts, tag, title: title || texts.title, greeting: greeting || texts.greeting };
}
