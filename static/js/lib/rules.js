/** Style rules that change while the page runs, for one mounted page only. */

/**
 * @param {HTMLElement} root of the page
 * @param {AbortSignal} signal removes the rules
 * @returns {(rules: string) => void} replaces the rules; they are nested, so `&` is the page's root
 */
export function createRules(root, signal) {
  const sheet = new CSSStyleSheet();
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  signal.addEventListener("abort", () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== sheet);
  });
  let shown = "";
  return (rules) => {
    if (rules !== shown) sheet.replaceSync(rules === "" ? "" : `[data-page="${root.dataset.page}"] { ${rules} }`);
    shown = rules;
  };
}
