/** Lights names up all over the page, whatever view draws them and whenever: by a rule of their own. */

/** @import {Page, View} from "../state/page.d.ts" */
/** @import {Tour} from "../types.d.ts" */

/**
 * The name that is pointed at in the tour's text, or else those that its page shows.
 * @param {Page} page
 * @returns {View<Pick<Tour, "open" | "aimed" | "page">>}
 */
export function createLights({ root, rules, config: { tour: pages } }) {
  const replace = rules();
  return {
    root,
    inputs: (_, { tour: { open, aimed, page } }) => ({ open, aimed, page }),
    render({ open, aimed, page }) {
      const names = !open ? [] : aimed ? [aimed] : pages[page].show;
      replace(names.length > 0 ? rulesFor(names.map((name) => `[data-name="${name}"]`).join(", ")) : "");
    },
  };
}

/** @param {string} selectors of what is lit: words get a ground, wires weight */
function rulesFor(selectors) {
  return `
    & :is(${selectors}):not(.tour *, dialog *) { background: var(--mark); border-radius: 3px; }
    & .diagram .wire:is(${selectors}) { opacity: 1; stroke-width: 2.25; }`;
}
