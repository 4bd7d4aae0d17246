/** Small helpers to build elements without a line of HTML text. */

const SVG = "http://www.w3.org/2000/svg";

/** `el("button", { class: "send", type: "button" }, child, "text")`; null children and false attributes are left out. */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false && value !== undefined) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const PATHS = {
  chat: "M12 3.5c-5 0-9 3.4-9 7.7 0 2.3 1.2 4.4 3 5.8-.1 1.2-.6 2.4-1.5 3.4 1.9-.1 3.6-.8 4.9-1.8.8.2 1.7.3 2.6.3 5 0 9-3.4 9-7.7s-4-7.7-9-7.7Z",
  close: "m6 6 12 12M18 6 6 18",
  down: "m5 9 7 7 7-7",
  helped: "M7.5 11v9H5c-.8 0-1.5-.7-1.5-1.5v-6c0-.8.7-1.5 1.5-1.5h2.5Zm0 0L11 3.5c1.4 0 2.5 1.1 2.5 2.5v3.5h4.8c1.2 0 2.1 1.1 1.9 2.3l-1 6c-.2 1.3-1.2 2.2-2.5 2.2H7.5",
  letter: "M4.5 6h15c.8 0 1.5.7 1.5 1.5v9c0 .8-.7 1.5-1.5 1.5h-15c-.8 0-1.5-.7-1.5-1.5v-9C3 6.7 3.7 6 4.5 6Zm-1 1 8.5 6.5L20.5 7",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  star: "m12 3.5 2.6 5.4 5.9.8-4.3 4.1 1 5.9-5.2-2.8-5.2 2.8 1-5.9-4.3-4.1 5.9-.8Z",
  send: "M12 19V5m-6 6 6-6 6 6",
};

/** A line drawing of 24 by 24 that screen readers pass over. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

/** Text for screen readers only. */
export function hidden(text) {
  return el("span", { class: "hidden" }, text);
}
