/** Positions of values on a colour scale or an axis: linear, or linear around 0 and logarithmic beyond. */

/** The share of a logarithmic span that its linear middle takes. */
const EVEN_PART = 0.6;

/**
 * The ends of a scale. With `linear` it is linear from −linear to linear and logarithmic beyond; `low` is then −high.
 * @typedef {object} Span
 * @property {number} low
 * @property {number} high
 * @property {number | null} [linear]
 */

/**
 * @param {Span} span
 * @param {number} value
 * @returns {number} 0 at the low end, 1 at the high one; beyond these for values outside, NaN for NaN
 */
export function positionOf({ low, high, linear }, value) {
  if (linear == null) return (value - low) / (high - low);
  const size = Math.abs(value) / linear;
  const reach = size <= 1 ? EVEN_PART * size : EVEN_PART + (1 - EVEN_PART) * (Math.log(size) / Math.log(high / linear));
  return 0.5 + (value < 0 ? -reach : reach) / 2;
}

/**
 * The inverse of `positionOf`.
 * @param {Span} span
 * @param {number} position
 * @returns {number}
 */
export function valueAtPosition({ low, high, linear }, position) {
  if (linear == null) return low + position * (high - low);
  const reach = Math.abs(2 * position - 1);
  const size = reach <= EVEN_PART ? reach / EVEN_PART : (high / linear) ** ((reach - EVEN_PART) / (1 - EVEN_PART));
  return (position < 0.5 ? -1 : 1) * linear * size;
}

/**
 * The values to label on a scale: its ends, and the ends of its linear part.
 * @param {Span} span
 * @returns {number[]} rising
 */
export function landmarks({ low, high, linear }) {
  if (linear == null) return low < 0 && high > 0 ? [low, 0, high] : [low, high];
  return [low, -linear, 0, linear, high];
}
