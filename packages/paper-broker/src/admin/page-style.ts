/** Dark, and narrow enough for a side panel of 320 pixels. */
export const ADMIN_STYLE = `
:root { color-scheme: dark; --bg: #1e1f22; --card: #2b2d31; --line: #3f4147; --text: #dbdee1; --dim: #a3a6ad;
  --up: #3ba55d; --down: #ed4245; --accent: #5865f2; }
* { box-sizing: border-box; }
body { margin: 0; padding: 12px; background: var(--bg); color: var(--text);
  font: 14px/1.4 system-ui, -apple-system, "Segoe UI", sans-serif; }
h1 { font-size: 16px; margin: 0; }
h2 { font-size: 12px; text-transform: uppercase; letter-spacing: .04em; color: var(--dim); margin: 18px 0 6px;
  display: flex; justify-content: space-between; align-items: center; }
header p { margin: 2px 0; font-variant-numeric: tabular-nums; }
#state { color: var(--dim); }
#state.open::before { content: "● "; color: var(--up); }
#state.closed::before { content: "● "; color: var(--down); }
ul { list-style: none; margin: 0; padding: 0; display: grid; gap: 4px; }
li { background: var(--card); border-radius: 6px; padding: 6px 8px; min-width: 0; }
.row { display: flex; gap: 6px; flex-wrap: wrap; align-items: center; }
.line { display: flex; gap: 6px; align-items: center; justify-content: space-between; }
.line > :first-child { min-width: 0; overflow-wrap: anywhere; }
.figures { font-variant-numeric: tabular-nums; white-space: nowrap; }
.price { margin: 0 6px 0 auto; }
.framed h1 { display: none; }
.dim { color: var(--dim); font-size: 12px; }
.aside { text-transform: none; letter-spacing: 0; font-weight: 400; display: inline-flex; gap: 4px; min-height: 32px;
  align-items: center; }
button { font: inherit; color: var(--text); background: #404249; border: 0; border-radius: 6px; min-height: 40px;
  min-width: 40px; padding: 4px 10px; cursor: pointer; white-space: nowrap; }
button:hover { background: #4e5058; }
button[aria-pressed="true"] { background: var(--accent); color: #fff; }
button:focus-visible, input:focus-visible, select:focus-visible { outline: 2px solid #fff; outline-offset: 2px; }
select { font: inherit; color: var(--text); background: #404249; border: 0; border-radius: 6px; min-height: 40px; width: 100%;
  padding: 4px 10px; }
summary { cursor: pointer; min-height: 40px; display: flex; align-items: center; color: var(--dim); }
summary::before { content: "▸"; width: 1.2em; } details[open] > summary::before { content: "▾"; }
summary:focus-visible { outline: 2px solid #fff; outline-offset: 2px; }
li > div.row { margin-top: 6px; }
.line > button { flex: none; }
.up { color: var(--up); } .down { color: #f47b7d; }
#trouble { color: #f47b7d; }
.empty { color: var(--dim); background: none; padding-left: 0; }
`;
