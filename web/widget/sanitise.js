/** The server's HTML as elements: a second sieve after the server's own, so that neither alone must be perfect. */

const KEPT = new Set("A P UL OL LI STRONG EM CODE BR PRE BLOCKQUOTE H3 H4 H5 H6 HR TABLE THEAD TBODY TR TH TD".split(" "));
const DROPPED = new Set("SCRIPT STYLE TEMPLATE IFRAME OBJECT EMBED NOSCRIPT SVG MATH TEXTAREA SELECT".split(" "));
const SCHEMES = new Set(["https:", "http:", "mailto:", "tel:"]);

/** @returns {DocumentFragment} new elements without any attribute but links' own */
export function sanitise(html) {
  const fragment = document.createDocumentFragment();
  copy(new DOMParser().parseFromString(html, "text/html").body, fragment);
  return fragment;
}

function copy(source, target) {
  for (const node of source.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) target.append(node.data);
    if (node.nodeType !== Node.ELEMENT_NODE || DROPPED.has(node.nodeName.toUpperCase())) continue;
    const place = KEPT.has(node.nodeName) ? target.appendChild(remake(node)) : target;
    copy(node, place);
  }
}

function remake(node) {
  const element = document.createElement(node.nodeName);
  const start = node.nodeName === "OL" ? Number.parseInt(node.getAttribute("start"), 10) : Number.NaN;
  if (start >= 0) element.start = start;
  const address = node.nodeName === "A" ? safeAddress(node.getAttribute("href")) : null;
  if (address) {
    element.href = address;
    element.target = "_blank";
    element.rel = "noopener noreferrer";
  }
  return element;
}

function safeAddress(href) {
  try {
    const url = new URL(href);
    return SCHEMES.has(url.protocol) ? url.href : null;
  } catch {
    return null; // relative addresses would lead into the page that embeds us
  }
}
