/** The look of what the pages show, in the colours of the page around it; on paper and on a phone, too. */
export const CONTENT_STYLE = `
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .3rem; } h2 { font-size: 1.25rem; margin: 2.5rem 0 .6rem; }
h3 { font-size: 1rem; margin: 1.4rem 0 .4rem; } p { max-width: 46rem; margin: .4rem 0; }
a { color: var(--accent); } .soft { color: var(--soft); } small { font-size: .85rem; }
nav { display: flex; flex-wrap: wrap; gap: .3rem 1rem; margin: 1rem 0; }
.scroll { overflow-x: auto; max-width: 100%; }
table { border-collapse: collapse; font-size: .93rem; font-variant-numeric: tabular-nums; margin: .6rem 0; }
.caption { color: var(--soft); font-size: .9rem; margin: 1.2rem 0 .2rem; }
th, td { padding: .35rem .55rem; text-align: right; border-bottom: 1px solid var(--line); vertical-align: top; }
thead th { font-weight: 600; vertical-align: bottom; } thead th:first-child { text-align: left; }
td > span { white-space: nowrap; } th[scope=row] { text-align: left; font-weight: 600; white-space: nowrap; position: sticky; left: 0;
  background: var(--paper); }
td.text, th.text { text-align: left; } td.best { font-weight: 700; } .interval { display: block; color: var(--soft);
  font-size: .8rem; font-weight: 400; white-space: nowrap; }
.warnings { border-left: 4px solid var(--slip); background: var(--card); padding: .5rem 1rem; margin: 1rem 0; }
.warnings ul { margin: .3rem 0; padding-left: 1.2rem; }
figure { margin: 1rem 0; } figcaption { color: var(--soft); font-size: .9rem; max-width: 46rem; }
figure figure { margin: 0; } figure [class$=-swatches-wrap], figure [class$=-swatches] { font-size: .85rem !important; }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(19rem, 100%), 1fr)); gap: 0 1.5rem; }
figure svg { max-width: 100%; height: auto; color: var(--text); background: transparent; overflow: visible; }
.card { display: grid; grid-template-columns: minmax(0, 16rem) minmax(0, 1fr); gap: 1rem; padding: 1rem; margin: .8rem 0;
  background: var(--card); border: 1px solid var(--line); border-radius: .5rem; break-inside: avoid; }
.card img { width: 100%; border-radius: .3rem; display: block; } .card ul { margin: .2rem 0 .6rem; padding-left: 1.1rem; }
.card .name { overflow-wrap: anywhere; } .card ul.said { list-style: none; padding: 0; }
.said li { margin-bottom: .5rem; } .said .interval { white-space: normal; }
.attention summary { cursor: pointer; color: var(--soft); font-size: .8rem; } .maps { display: flex; flex-wrap: wrap; gap: .4rem;
  margin-top: .3rem; } .maps figure { margin: 0; width: 5.4rem; } .maps div { position: relative; overflow: hidden; border-radius: .2rem; }
.maps .shade { position: absolute; inset: 0; border-radius: 0; max-width: none; print-color-adjust: exact; }
.maps figcaption { text-align: center; font-size: .8rem; overflow-wrap: anywhere; line-height: 1.2; }
select, input, button { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line);
  border-radius: .35rem; padding: .35rem .6rem; } button { cursor: pointer; } button[disabled] { opacity: .5; cursor: default; }
input[type=search] { width: min(100%, 26rem); } :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.controls { display: flex; flex-wrap: wrap; gap: .6rem; align-items: center; margin: .6rem 0; }
.true { color: var(--good); } .slip { color: var(--slip); } .wrong { color: var(--bad); }
@media (max-width: 40rem) { .card { grid-template-columns: minmax(0, 1fr); }
  th, td { padding: .3rem .45rem; } h1 { font-size: 1.4rem; } }
@media print { nav, .controls, .screen-only { display: none !important; }
  h2, h3, h3 + p, .caption { break-after: avoid; } table { font-size: 7.5pt; } td .interval { font-size: 6.5pt; white-space: normal; }
  small, .caption, figcaption { font-size: 8pt; } .said .interval { font-size: 7pt; }
  .card { grid-template-columns: 9rem minmax(0, 1fr); padding: .6rem; margin: .5rem 0; } .maps figure { width: 3.6rem; }
  td > span { white-space: normal; } th, td { padding: .2rem .3rem; } th[scope=row] { white-space: normal; position: static; }
  details:not([open]) { display: none; } figure, .card, tr { break-inside: avoid; } .scroll { overflow: visible; } a { text-decoration: none; } }
`;

/** The look of pages of their own, light and dark. */
export const STYLE = `
:root { color-scheme: light dark; --text: #1c1e21; --soft: #5b6068; --line: #d9dce1; --paper: #fff; --card: #f6f7f9;
  --accent: #1f5fbf; --good: #1a7f37; --slip: #9a6700; --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --text: #e6e8eb; --soft: #9aa1ab; --line: #3a3f47; --paper: #16181c;
  --card: #1f2227; --accent: #7ab0ff; --good: #57c06f; --slip: #d9a441; --bad: #ff8a80; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 72rem; font: 16px/1.5 system-ui, sans-serif;
  color: var(--text); background: var(--paper); }
${CONTENT_STYLE}
@media (max-width: 40rem) { body { padding: 1rem .75rem 3rem; } }
@media print { :root { color-scheme: light; --text: #000; --soft: #444; --line: #bbb; --paper: #fff; --card: #fff; --accent: #000; }
  body { max-width: none; padding: 0; font-size: 9pt; } }
`;
