/** Lights names up all over the page, whatever view draws them and whenever: one rule of a style sheet of its own. */

/** @returns {(names: readonly string[]) => void} */
export function createLights() {
  const sheet = new CSSStyleSheet();
  document.adoptedStyleSheets.push(sheet);
  let shown = "";
  return (names) => {
    const rules = names.length > 0 ? rulesFor(names.map((name) => `[data-name="${name}"]`).join(", ")) : "";
    if (rules !== shown) sheet.replaceSync(rules);
    shown = rules;
  };
}

/** @param {string} selectors of what is lit: words get a ground, wires weight */
function rulesFor(selectors) {
  return `
    :is(${selectors}):not(#tour *, dialog *) { background: var(--mark); border-radius: 3px; }
    .diagram .wire:is(${selectors}) { opacity: 1; stroke-width: 2.25; }`;
}
