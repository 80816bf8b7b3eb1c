/** Lights names up all over the page, whatever view draws them and whenever: one rule of a style sheet of its own. */

/** @returns {(names: readonly string[]) => void} */
export function createLights() {
  const sheet = new CSSStyleSheet();
  document.adoptedStyleSheets.push(sheet);
  let shown = "";
  return (names) => {
    const rule = names.length > 0 ? `:is(${names.map((name) => `[data-name="${name}"]`).join(", ")}):not(#tour *, dialog *) { background: var(--mark); border-radius: 3px; }` : "";
    if (rule !== shown) sheet.replaceSync(rule);
    shown = rule;
  };
}
