/** How it looks. A constructed style sheet, which a page's Content-Security-Policy does not forbid. */

const CSS = `
:host {
  all: initial !important;
  --surface: #ffffff; --raised: #f2f4f6; --line: #dfe3e8; --edge: #868f9a; --ink: #1a1f26; --muted: #59636f;
  --good: #1d7f4e; --bad: #b3261e; --bad-surface: #fdf0ef; --star: #b87503;
  --tint: color-mix(in srgb, var(--accent) 9%, var(--surface)); --tint-line: color-mix(in srgb, var(--accent) 24%, var(--surface));
  --shadow: 0 0 0 1px rgb(16 24 40 / 6%), 0 4px 12px rgb(16 24 40 / 6%), 0 24px 56px -8px rgb(16 24 40 / 22%);
  color-scheme: light dark;
}
@media (prefers-color-scheme: dark) {
  :host {
    --surface: #16191e; --raised: #252a31; --line: #323942; --edge: #7d8793; --ink: #eceff3; --muted: #a4aeba;
    --good: #5ccf95; --bad: #ffb0a8; --bad-surface: #3a1f1e; --star: #f2b84b;
    --tint: color-mix(in srgb, var(--accent) 26%, var(--surface)); --tint-line: color-mix(in srgb, var(--accent) 50%, var(--surface));
    --shadow: 0 0 0 1px rgb(255 255 255 / 9%), 0 24px 56px -8px rgb(0 0 0 / 65%);
  }
}
*, *::before, *::after { box-sizing: border-box; }
[hidden] { display: none !important; }
.chat {
  font: 400 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  color: var(--ink); text-align: start; -webkit-text-size-adjust: 100%;
}
button, textarea { font: inherit; color: inherit; letter-spacing: inherit; margin: 0; }
button { cursor: pointer; -webkit-tap-highlight-color: transparent; }
h2, h3, h4, h5, h6, p, ul, ol, pre, blockquote { margin: 0; padding: 0; font-size: inherit; }
svg { width: 24px; height: 24px; flex: none; fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }
:focus { outline: none; }
:focus-visible { outline: 2px solid var(--ink); outline-offset: 2px; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.launcher {
  position: fixed; z-index: 2147483000; bottom: calc(20px + env(safe-area-inset-bottom)); width: 60px; height: 60px; padding: 0;
  display: grid; place-items: center; border: 1px solid transparent; border-radius: 50%;
  background: var(--accent); color: var(--on-accent);
  box-shadow: 0 1px 2px rgb(16 24 40 / 20%), 0 8px 24px -4px rgb(16 24 40 / 32%);
  transition: transform .2s, box-shadow .2s;
}
.right .launcher { right: calc(20px + env(safe-area-inset-right)); }
.left .launcher { left: calc(20px + env(safe-area-inset-left)); }
.launcher:hover { transform: translateY(-2px); box-shadow: 0 2px 4px rgb(16 24 40 / 20%), 0 14px 32px -4px rgb(16 24 40 / 38%); }
.launcher:active { transform: none; }
.launcher:focus-visible { outline: 3px solid #fff; outline-offset: 0; box-shadow: 0 0 0 6px #14181d; }
.launcher svg { grid-area: 1 / 1; width: 27px; height: 27px; transition: opacity .2s, transform .2s; }
.launcher svg:nth-child(2), .launcher[aria-expanded="true"] svg:nth-child(1) { opacity: 0; transform: rotate(-40deg) scale(.7); }
.launcher[aria-expanded="true"] svg:nth-child(2) { opacity: 1; transform: none; }
.badge {
  position: absolute; top: -4px; right: -4px; min-width: 23px; height: 23px; padding: 0 6px; border-radius: 12px;
  background: #c3271c; color: #fff; font-size: 13px; font-weight: 650; line-height: 19px; border: 2px solid #fff; text-align: center;
}

.panel {
  position: fixed; z-index: 2147483000; inset: auto; bottom: calc(94px + env(safe-area-inset-bottom)); margin: 0; padding: 0; border: 0;
  width: 392px; max-width: calc(100vw - 32px); height: min(640px, calc(100dvh - 118px)); max-height: none; overflow: hidden;
  flex-direction: column; border-radius: 20px; background: var(--surface); color: var(--ink); box-shadow: var(--shadow);
}
.panel[open] { display: flex; animation: rise .24s cubic-bezier(.2, .8, .2, 1); }
.panel::backdrop { background: var(--surface); }
.right .panel { right: calc(20px + env(safe-area-inset-right)); transform-origin: 100% 100%; }
.left .panel { left: calc(20px + env(safe-area-inset-left)); transform-origin: 0 100%; }
@keyframes rise { from { opacity: 0; transform: translateY(12px) scale(.98); } }

header { display: flex; align-items: center; padding: 14px 10px 14px 18px; border-bottom: 1px solid var(--line); }
.mark { display: grid; place-items: center; flex: none; width: 40px; height: 40px; margin-inline-end: 12px; border-radius: 13px; background: var(--accent); color: var(--on-accent); }
.mark.person { border-radius: 50%; font-size: 16px; font-weight: 650; letter-spacing: .02em; }
.mark svg { width: 22px; height: 22px; }
.names { flex: 1; min-width: 0; }
h2 { font-size: 16px; font-weight: 650; line-height: 1.3; letter-spacing: -.005em; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.state { display: flex; align-items: center; gap: 6px; min-height: 20px; font-size: 13px; line-height: 20px; color: var(--muted); }
.state::before { content: ""; width: 7px; height: 7px; border-radius: 50%; background: var(--edge); }
.state[data-state="online"]::before, .state[data-state="idle"]::before { background: var(--good); }
.state[data-state="offline"]::before { background: var(--bad); }
.tool { display: grid; place-items: center; width: 44px; height: 44px; padding: 0; border: 0; border-radius: 12px; background: none; color: var(--muted); }
.tool:hover, .tool[aria-expanded="true"] { background: var(--raised); color: var(--ink); }
.tool svg { width: 21px; height: 21px; }
.menus { position: relative; }
.menus .tool svg { stroke-width: 3; }
.menu {
  position: absolute; z-index: 1; top: 100%; right: 0; width: max-content; max-width: 260px; padding: 6px; border-radius: 14px;
  background: var(--surface); box-shadow: var(--shadow); animation: appear .15s;
}
.menu button { display: block; width: 100%; min-height: 44px; padding: 8px 14px; border: 0; border-radius: 9px; background: none; text-align: start; line-height: 1.35; }
.menu button:hover, .menu button:focus-visible { background: var(--raised); }
.menu button:focus-visible { outline-offset: -2px; }
/* Empty it stays where assistive technology looks for changes, without taking room. */
.holder { display: flex; justify-content: center; padding: 0 18px; font-size: 13px; line-height: 1.4; font-weight: 500; text-align: center; text-wrap: balance; background: var(--tint); }
.holder:not(:empty) { padding-block: 8px; border-bottom: 1px solid var(--line); }

.log { flex: 1; min-height: 0; overflow-y: auto; overscroll-behavior: contain; padding: 20px 18px 16px; position: relative; scrollbar-width: thin; scrollbar-color: var(--edge) transparent; }
.log:focus-visible { outline-offset: -3px; border-radius: 6px; }
.message, .typing { display: flex; flex-direction: column; align-items: flex-start; margin-top: 14px; animation: appear .22s; }
.log > .message:first-child { margin-top: 0; }
.message.customer { align-items: flex-end; }
.message.follows { margin-top: 4px; }
@keyframes appear { from { opacity: 0; transform: translateY(6px); } }
.bubble { max-width: 86%; padding: 9px 14px; border: 1px solid transparent; border-radius: 18px; background: var(--raised); overflow-wrap: anywhere; hyphens: auto; }
.bot .bubble, .agent .bubble, .dots.bubble { border-bottom-left-radius: 6px; }
.agent .bubble { background: var(--tint); border-color: var(--tint-line); }
.name { display: flex; align-items: center; margin-bottom: 5px; font-size: 13px; line-height: 24px; font-weight: 600; }
.name .mark { width: 24px; height: 24px; margin-inline-end: 7px; font-size: 10.5px; }
.follows .name { display: none; }
.customer .bubble { background: var(--accent); color: var(--on-accent); border-bottom-right-radius: 6px; hyphens: none; }
.plain { white-space: pre-wrap; }
.pending .bubble { background: var(--surface); color: var(--muted); border: 1px dashed var(--edge); }
.foot { margin: 3px 5px 0; font-size: 12px; line-height: 16px; color: var(--muted); }
.pending .foot { animation: late .3s both; }
@keyframes late { 0%, 99% { opacity: 0; } }
.message:not(.pending):has(+ .follows:not(.pending)) .foot { display: none; }
.bubble > * + * { margin-top: 9px; }
.bubble ul, .bubble ol { padding-inline-start: 1.35em; }
.bubble li + li, .bubble li > p + * { margin-top: 4px; }
.bubble li::marker { color: var(--muted); }
.bubble strong { font-weight: 650; }
.bubble h3, .bubble h4, .bubble h5, .bubble h6 { font-weight: 650; line-height: 1.35; }
.bubble a { color: inherit; text-underline-offset: 3px; text-decoration-thickness: 1px; }
.bubble a:hover { text-decoration-thickness: 2px; }
.bubble code, .bubble pre { font: 13px/1.5 ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace; }
.bubble code { padding: 1px 5px; border-radius: 5px; background: var(--surface); hyphens: none; }
.bubble pre { padding: 9px 11px; border-radius: 9px; background: var(--surface); white-space: pre-wrap; }
.bubble pre code { padding: 0; background: none; }
.bubble table { border-collapse: collapse; font-size: 14px; }
.bubble th, .bubble td { padding: 4px 14px 4px 0; text-align: start; vertical-align: top; border-bottom: 1px solid var(--edge); }
.bubble th { font-weight: 650; }
.bubble hr { border: 0; border-top: 1px solid var(--edge); }
.bubble blockquote { padding-inline-start: 12px; border-inline-start: 3px solid var(--edge); color: var(--muted); }
.notice { margin: 18px 16px; font-size: 13px; line-height: 1.4; text-align: center; text-wrap: balance; color: var(--muted); animation: appear .22s; }
.notice + .notice { margin-top: -10px; }
.notice a { color: inherit; }

.choices { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 10px; max-width: 94%; }
.choice {
  min-height: 44px; padding: 8px 16px; text-align: start; line-height: 1.35; font-weight: 500; border: 1px solid var(--edge); border-radius: 22px;
  background: var(--surface); transition: background .15s, border-color .15s;
}
.choice:hover { background: var(--raised); border-color: var(--ink); }
.choice:active { background: var(--line); }
.stars { display: flex; gap: 6px; width: 100%; }
.star { display: flex; flex-direction: column; align-items: center; flex: 1; min-width: 44px; max-width: 58px; padding: 7px 0 5px; border-radius: 14px; font-size: 13px; line-height: 18px; color: var(--muted); }
.star svg { width: 26px; height: 26px; color: var(--edge); transition: fill .1s; }
.star:is(:hover, :focus-visible, :has(~ .star:hover), :has(~ .star:focus-visible)) { color: var(--ink); border-color: var(--star); }
.star:is(:hover, :focus-visible, :has(~ .star:hover), :has(~ .star:focus-visible)) svg { fill: var(--star); color: var(--star); }

.helpful { display: flex; align-items: center; gap: 2px; margin: 1px 0 -4px 5px; font-size: 13px; color: var(--muted); }
.helpful span { margin-inline-end: 6px; }
.thumb { display: grid; place-items: center; width: 36px; height: 36px; padding: 0; border: 0; border-radius: 50%; background: none; color: var(--muted); }
.thumb svg { width: 18px; height: 18px; }
.thumb.down svg { transform: rotate(180deg); }
@media (hover: hover) { .thumb:hover { background: var(--raised); color: var(--ink); } }
.thumb[aria-pressed="true"] { color: var(--ink); }
.thumb[aria-pressed="true"] svg { fill: currentColor; stroke: var(--surface); stroke-width: 1.2; }
@media (pointer: coarse) { .thumb { width: 44px; height: 44px; } }

.typing { flex-direction: row; align-items: center; gap: 10px; margin-top: 14px; }
.who { font-size: 13px; color: var(--muted); }
.dots { display: flex; gap: 5px; align-items: center; height: 40px; }
.dots i { width: 7px; height: 7px; border-radius: 50%; background: var(--muted); animation: breathe 1.3s infinite ease-in-out; }
.dots i:nth-child(2) { animation-delay: .16s; }
.dots i:nth-child(3) { animation-delay: .32s; }
@keyframes breathe { 0%, 70%, 100% { opacity: .35; transform: none; } 35% { opacity: 1; transform: translateY(-3px); } }

.offline { padding: 9px 18px; font-size: 13px; line-height: 1.4; background: var(--raised); color: var(--ink); }
.privacy { padding: 10px 18px 12px; border-top: 1px solid var(--line); font-size: 13px; line-height: 1.45; color: var(--muted); text-wrap: pretty; }
.privacy + .composer { border-top-color: transparent; padding-top: 0; }
.privacy[hidden] + .composer { border-top-color: var(--line); padding-top: 12px; }
.privacy a { color: inherit; text-underline-offset: 3px; }
.privacy a:hover { color: var(--ink); }
.accept { min-height: 44px; margin: 10px 0 4px; padding: 8px 20px; border: 1px solid transparent; border-radius: 22px; background: var(--accent); color: var(--on-accent); font-size: 15px; font-weight: 600; line-height: 1.35; }
.accept:hover { box-shadow: 0 3px 10px -2px rgb(16 24 40 / 40%); }
.composer { padding: 12px 14px calc(14px + env(safe-area-inset-bottom)); border-top: 1px solid var(--line); }
.error { padding: 9px 12px; margin-bottom: 10px; border-radius: 12px; font-size: 13.5px; line-height: 1.4; background: var(--bad-surface); color: var(--bad); }
.error:empty { display: none; }
.field { display: flex; align-items: flex-end; gap: 6px; padding: 3px; border: 1px solid var(--edge); border-radius: 25px; background: var(--surface); }
.field:focus-within { border-color: var(--ink); box-shadow: 0 0 0 1px var(--ink); }
textarea { flex: 1; min-width: 0; height: 44px; max-height: 148px; padding: 10px 4px 10px 14px; border: 0; background: none; font-size: 16px; line-height: 24px; resize: none; overflow-y: auto; scrollbar-width: thin; }
textarea:focus-visible { outline: none; }
textarea::placeholder { color: var(--muted); opacity: 1; }
.send { display: grid; place-items: center; flex: none; width: 44px; height: 44px; padding: 0; border: 1px solid transparent; border-radius: 50%; background: var(--accent); color: var(--on-accent); }
.send:hover { box-shadow: 0 3px 10px -2px rgb(16 24 40 / 40%); }
.send svg { width: 21px; height: 21px; stroke-width: 2.1; }

@media (max-width: 479.98px) {
  .chat .panel { inset: 0 0 auto; width: 100vw; max-width: none; height: min(100dvh, var(--height, 100dvh)); border-radius: 0; box-shadow: none; }
  header { padding-top: calc(10px + env(safe-area-inset-top)); padding-bottom: 10px; }
  .chat { font-size: 16px; }
}
@media (max-height: 520px) and (min-width: 480px) {
  .chat .panel { bottom: 12px; height: calc(100dvh - 24px); z-index: 2147483001; }
}
@media (prefers-reduced-motion: reduce) {
  *, *::before, *::after { animation-duration: .01ms !important; animation-iteration-count: 1 !important; transition: none !important; }
  .launcher:hover { transform: none; }
}
@media print { .chat { display: none; } }
@media (forced-colors: active) {
  .state[data-state]::before, .dots i { background: CanvasText; }
  .panel { border: 1px solid CanvasText; }
}
`;

/** The sheet, made once. */
export function styleSheet() {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(CSS);
  return sheet;
}
