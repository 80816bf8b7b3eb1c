/** The breakpoints of css/layout.css. */

/** Whether the page has one column. */
export const isNarrow = () => matchMedia("(max-width: 1023px)").matches;

/** Whether the page has two columns in a short window: the lens opens over the plots, and grids fill the remaining height. */
export const isShort = () => matchMedia("(min-width: 1024px) and (max-height: 879px)").matches;
