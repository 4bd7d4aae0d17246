/**
 * The one file that a page names: <script src="https://chat.example.de/widget.js" defer></script>
 *
 * A classic script, so that `document.currentScript` tells where the server is. Settings, all optional:
 * data-title, data-greeting, data-color (#rrggbb), data-lang (de, en), data-position (left, right), data-open,
 * data-token (see docs/how-to/identify-customers.md); a new token goes to `postbote.identify(token)`.
 */
(() => {
  "use strict";

  const script = document.currentScript;
  if (!script || !script.src || window.__postbote) return;
  window.__postbote = true; // a page that names the script twice gets one chat

  const { title, greeting, color, lang, position, token } = script.dataset;
  const settings = { title, greeting, color, lang, position, token, open: !["false", undefined].includes(script.dataset.open) };
  const siblings = new URL("widget/chat.js", script.src);

  let chat = null;
  window.postbote = {
    identify(token) {
      settings.token = token; // for a chat that is still being loaded
      return Promise.resolve(chat?.identify(token));
    },
  };

  function begin() {
    import(siblings.href)
      .then(({ startChat }) => (chat = startChat({ ...settings, origin: siblings.origin })))
      .catch((error) => console.error(`Postbote: the chat could not be loaded from ${siblings.origin}.`, error));
  }

  if (document.body) begin();
  else document.addEventListener("DOMContentLoaded", begin, { once: true });
})();
