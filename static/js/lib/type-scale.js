/** How large the page's type is: as designed, or larger for a room that looks on from further away. */

/** CSS px of page width at which type is as designed, with two columns and with one. */
const WIDTH = { two: 1060, one: 900 };
const LEAST = 1.2;
const MOST = 2.4;

let factor = 1;

/** What sizes of type drawn on canvases and in plots are multiplied with; CSS has it as --type. */
export function typeScale() {
  return factor;
}

/**
 * @param {boolean} large
 * @param {boolean} twoColumns
 */
export function scaleType(large, twoColumns) {
  const fits = innerWidth / (twoColumns ? WIDTH.two : WIDTH.one);
  const wanted = large ? Math.max(LEAST, Math.min(MOST, Math.round(fits * 20) / 20)) : 1;
  if (wanted === factor) return;
  factor = wanted;
  document.documentElement.style.setProperty("--type", String(factor));
  // Whatever measured the page once has to do so again.
  dispatchEvent(new Event("resize"));
}
