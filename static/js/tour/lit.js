/** Lights names in every view with a style rule, so that elements drawn later are lit too. */

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

/** @param {string} selectors of the lit elements: words get a background, wires a heavier stroke */
function rulesFor(selectors) {
  return `
    & :is(${selectors}):not(.tour *, dialog *) { background: var(--mark); border-radius: 3px; }
    & .diagram .wire:is(${selectors}) { opacity: 1; stroke-width: 2.25; }`;
}
