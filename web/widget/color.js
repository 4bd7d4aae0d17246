/** The accent that a page asks for, and the text colour that can be read on it. */

const DEFAULT = "#2f5bd3";

/** @returns {{accent: string, ink: string}} `#rrggbb`; anything else than #rgb or #rrggbb becomes the default */
export function accentOf(wish) {
  const short = /^#([\da-f])([\da-f])([\da-f])$/i.exec(wish ?? "");
  const long = short ? `#${short.slice(1).map((digit) => digit + digit).join("")}` : wish;
  const accent = /^#[\da-f]{6}$/i.test(long ?? "") ? long : DEFAULT;
  const light = luminance(accent);
  const onWhite = 1.05 / (light + 0.05);
  const onBlack = (light + 0.05) / 0.05;
  return { accent, ink: onWhite >= 4.5 || onWhite > onBlack ? "#ffffff" : "#000000" };
}

/** Relative luminance: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance(hex) {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
