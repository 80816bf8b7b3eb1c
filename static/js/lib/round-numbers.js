/** Round numbers. */

/**
 * The next of 1, 2, 5, 10, 20 …
 * @param {number} value above 0
 * @param {readonly number[]} [factors] of a power of ten; the last is 10
 */
export function niceCeiling(value, factors = [1, 2, 5, 10]) {
  const scale = 10 ** Math.floor(Math.log10(value));
  return factors.map((factor) => factor * scale).find((candidate) => candidate >= value) ?? value;
}
