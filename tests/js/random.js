// Random cases with a seed that is printed, so that a failure can be repeated: SEED=123 make test

import { uniform } from "../../static/js/model/generators.js";

export const SEED = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
console.log(`SEED=${SEED}`);

/**
 * Call a check with a source of random choices, as often as asked for.
 * @param {number} times
 * @param {(draw: ReturnType<typeof drawing>) => void} check
 */
export function repeat(times, check) {
  const draw = drawing(uniform(SEED));
  for (let i = 0; i < times; i += 1) check(draw);
}

/** @param {() => number} random */
function drawing(random) {
  const integer = (from, to) => from + Math.floor(random() * (to - from + 1));
  const one = (choices) => choices[integer(0, choices.length - 1)];
  const list = (make, from, to) => Array.from({ length: integer(from, to) }, make);
  return { integer, one, list, text: (symbols, from, to) => list(() => one(symbols), from, to).join("") };
}
