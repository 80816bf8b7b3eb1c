/** The page's arrangements, as in css/layout.css. */

/** Whether everything is in one column. */
export const isNarrow = () => matchMedia("(max-width: 1023px)").matches;

/** Whether two columns are in a short window: the lens opens over the plots, and grids take the room that is left. */
export const isShort = () => matchMedia("(min-width: 1024px) and (max-height: 879px)").matches;
