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
  status: { idle: "Bereit für Ihre Frage", connecting: "Verbindung wird aufgebaut", online: "verbunden", offline: "keine Verbindung" },
  offlineNote: "Ihre Nachricht wird gesendet, sobald die Verbindung wieder steht.",
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
  status: { idle: "Ready for your question", connecting: "Connecting", online: "connected", offline: "no connection" },
  offlineNote: "Your message will be sent as soon as the connection is back.",
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

/** The language asked for, else the page's, else German; with its tag for dates and numbers. */
export function textsFor(language) {
  const tags = [language, document.documentElement.lang].map((tag) => tag?.slice(0, 2).toLowerCase());
  const tag = tags.find((candidate) => Object.hasOwn(languages, candidate ?? "")) ?? "de";
  return { ...languages[tag], tag };
}
