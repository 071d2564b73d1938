// How it looks. A shop changes the custom properties, or overrules the classes.

const CSS = `
.geoaddr-panel, .geoaddr-list { --geoaddr-ink: #16202a; --geoaddr-soft: #4a5763; --geoaddr-paper: #fff; --geoaddr-line: #d4dce2;
  --geoaddr-accent: #0b5c7a; --geoaddr-mark: #4a5763; font: inherit; color: var(--geoaddr-ink); }
.geoaddr-panel { margin: 8px 0; padding: 12px 14px; border: 1px solid var(--geoaddr-line); border-left: 4px solid var(--geoaddr-mark);
  border-radius: 8px; background: var(--geoaddr-paper); text-align: left; }
.geoaddr-panel[data-verdict=accept] { --geoaddr-mark: #1c6b3c; }
.geoaddr-panel[data-verdict=confirm] { --geoaddr-mark: #8a4b00; }
.geoaddr-panel[data-verdict=fix], .geoaddr-panel[data-verdict=reject] { --geoaddr-mark: #a3201d; }
.geoaddr-panel p { margin: 0 0 6px; }
.geoaddr-verdict { font-weight: 600; color: var(--geoaddr-mark); }
.geoaddr-facts { display: grid; grid-template-columns: max-content 1fr; gap: 2px 12px; margin: 8px 0; }
.geoaddr-facts dt { color: var(--geoaddr-soft); }
.geoaddr-facts dd { margin: 0; overflow-wrap: anywhere; }
.geoaddr-facts .geoaddr-new { font-weight: 600; }
.geoaddr-buttons { display: flex; flex-wrap: wrap; gap: 8px; margin: 8px 0 0; padding: 0; }
.geoaddr-button { font: inherit; font-weight: 600; min-height: 44px; padding: 6px 14px; border: 1px solid var(--geoaddr-accent); border-radius: 8px;
  background: var(--geoaddr-paper); color: var(--geoaddr-accent); cursor: pointer; }
.geoaddr-button:hover { background: #e3f0f5; }
.geoaddr-panel details { margin-top: 8px; }
.geoaddr-panel summary { cursor: pointer; color: var(--geoaddr-accent); padding: 4px 0; }
.geoaddr-panel ul { margin: 4px 0 0; padding-left: 20px; }
.geoaddr-list { position: absolute; z-index: 1000; margin: 2px 0 0; padding: 4px; list-style: none; background: var(--geoaddr-paper);
  border: 1px solid var(--geoaddr-line); border-radius: 8px; box-shadow: 0 6px 20px rgb(16 32 42 / 16%); max-height: 320px; overflow-y: auto; text-align: left; }
.geoaddr-list li { padding: 10px 12px; border-radius: 6px; cursor: pointer; }
.geoaddr-list li[aria-selected=true] { background: var(--geoaddr-accent); color: #fff; }
.geoaddr-reader { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
`;

/** Give the page these rules, once. A constructed sheet needs no hole in the shop's content security policy. */
export function look(): void {
  const mark = document as Document & { geoaddrLook?: true };
  if (mark.geoaddrLook) return;
  mark.geoaddrLook = true;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(CSS);
  document.adoptedStyleSheets = [sheet, ...document.adoptedStyleSheets];
}
