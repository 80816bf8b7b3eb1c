/** The size of the page's type: normal, or larger for an audience. */

/** CSS px of page width at which type has its normal size, with two columns and with one. */
const WIDTH = { two: 1060, one: 900 };
const LEAST = 1.2;
const MOST = 2.4;

/**
 * The factor for type drawn on canvases and in plots; CSS has it as --type.
 * @param {HTMLElement} root of the page
 */
export function typeScale(root) {
  return Number(root.style.getPropertyValue("--type") || 1);
}

/**
 * @param {HTMLElement} root
 * @param {boolean} large
 * @param {boolean} twoColumns
 */
export function scaleType(root, large, twoColumns) {
  const fits = root.clientWidth / (twoColumns ? WIDTH.two : WIDTH.one);
  const wanted = large ? Math.max(LEAST, Math.min(MOST, Math.round(fits * 20) / 20)) : 1;
  if (wanted === typeScale(root)) return;
  root.style.setProperty("--type", String(wanted));
  // Components that measured the page must measure it again.
  dispatchEvent(new Event("resize"));
}
