/** Round numbers. */

/**
 * The next of 1, 2, 5, 10, 20 …
 * @param {number} value above 0
 */
export function niceCeiling(value) {
  const scale = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((factor) => factor * scale).find((candidate) => candidate >= value) ?? value;
}
