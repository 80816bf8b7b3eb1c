/** Lights names up all over the page, whatever view draws them and whenever: by a rule of their own. */

/** @import {Page} from "../state/page.d.ts" */

/**
 * @param {Page} page
 * @returns {(names: readonly string[]) => void}
 */
export function createLights({ rules }) {
  const replace = rules();
  return (names) => replace(names.length > 0 ? rulesFor(names.map((name) => `[data-name="${name}"]`).join(", ")) : "");
}

/** @param {string} selectors of what is lit: words get a ground, wires weight */
function rulesFor(selectors) {
  return `
    & :is(${selectors}):not(.tour *, dialog *) { background: var(--mark); border-radius: 3px; }
    & .diagram .wire:is(${selectors}) { opacity: 1; stroke-width: 2.25; }`;
}
