/** The page's whole style sheet. Its digest is in the page's content security policy, so nothing may be added inline. */
export const STYLE = `
:root { color-scheme: light dark;
  --ink: light-dark(#1c2430, #dfe5ee); --soft: light-dark(#5c6979, #94a1b3); --line: light-dark(#e2e7ee, #2a3342);
  --page: light-dark(#fff, #11161e); --panel: light-dark(#f6f8fb, #171e29); --accent: light-dark(#0b5fbd, #7fb6ff);
  --get: light-dark(#0b6e4f, #5fd3a8); --post: light-dark(#0b5fbd, #7fb6ff); --change: light-dark(#9a5b00, #f0b35c);
  --delete: light-dark(#b3261e, #ff8f87); }
* { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding-top: 1.5rem; }
body { margin: 0; display: grid; grid-template-columns: 17rem minmax(0, 1fr); background: var(--page); color: var(--ink);
  font: 16px/1.6 system-ui, -apple-system, 'Segoe UI', sans-serif; }
nav { position: sticky; top: 0; height: 100vh; overflow-y: auto; padding: 2rem 1.25rem; border-right: 1px solid var(--line);
  background: var(--panel); font-size: .875rem; }
nav h2 { margin: 1.5rem 0 .35rem; font-size: .75rem; letter-spacing: .06em; text-transform: uppercase; color: var(--soft); }
nav ul { list-style: none; margin: 0; padding: 0; }
nav a { display: block; padding: .15rem 0; color: inherit; text-decoration: none; }
nav a:hover { color: var(--accent); }
nav .brand { font-size: 1.125rem; font-weight: 650; }
main { max-width: 58rem; padding: 2.5rem 3rem 6rem; }
h1 { margin: 0 0 1rem; font-size: 2rem; line-height: 1.2; }
main > h2 { margin: 4rem 0 0; padding-bottom: .4rem; border-bottom: 1px solid var(--line); }
h3 { margin: 0; font-size: 1.125rem; }
h4 { margin: 1.5rem 0 .4rem; font-size: .8125rem; letter-spacing: .04em; text-transform: uppercase; color: var(--soft); }
p { margin: .5rem 0; }
a { color: var(--accent); }
code { font: .875em/1.5 ui-monospace, 'SF Mono', Menlo, Consolas, monospace; overflow-wrap: anywhere; }
p code, td code { padding: .1em .3em; border-radius: 4px; background: var(--panel); }
article { padding: 2.25rem 0 .25rem; }
.signature { display: flex; flex-wrap: wrap; gap: .6rem; align-items: baseline; margin: .35rem 0; }
.method { font: 700 .75rem/1 ui-monospace, monospace; text-transform: uppercase; padding: .35em .55em; border-radius: 5px;
  border: 1px solid currentColor; }
.get { color: var(--get); } .post { color: var(--post); } .put, .patch { color: var(--change); } .delete { color: var(--delete); }
.access { color: var(--soft); font-size: .875rem; }
table { width: 100%; border-collapse: collapse; font-size: .9375rem; }
td { padding: .5rem .75rem .5rem 0; border-top: 1px solid var(--line); vertical-align: top; }
td:first-child { width: 30%; } td p { margin: 0; }
.type, .note { color: var(--soft); font-size: .8125rem; }
details, .answer { margin: 0; border-top: 1px solid var(--line); padding: .45rem 0; }
details[open] > summary { margin-bottom: .4rem; }
summary { cursor: pointer; }
details table { margin-left: 1rem; width: calc(100% - 1rem); }
pre { margin: .5rem 0; padding: .9rem 1.1rem; border-radius: 8px; background: var(--panel); overflow-x: auto; }
.status { font-weight: 650; }
:target { background: color-mix(in srgb, var(--accent) 6%, transparent); box-shadow: -1rem 0 0 color-mix(in srgb, var(--accent) 6%, transparent); }
@media (max-width: 60rem) { body { display: block; } nav { position: static; height: auto; border-right: 0; border-bottom: 1px solid var(--line); }
  main { padding: 2rem 1.25rem 4rem; } }
@media print { nav { display: none; } body { display: block; } details:not([open]) > * { display: block; } }
`;
