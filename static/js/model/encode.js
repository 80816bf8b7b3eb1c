/** Converts text to one-hot rows and back, and fits text to an alphabet. */

/** @import {NumbersInput, TextInput} from "../types.d.ts" */

/**
 * @param {TextInput} input
 * @param {string} alphabet
 * @returns {NumbersInput}
 */
export function oneHot(input, alphabet) {
  const values = Array.from(input.text, (symbol) => Array.from(alphabet, (other) => (other === symbol ? 1 : 0)));
  return { kind: "numbers", values };
}

/**
 * The symbol with the largest value at each step.
 * @param {NumbersInput} input
 * @param {string} alphabet
 * @returns {TextInput}
 */
export function nearestText(input, alphabet) {
  const text = input.values.map((row) => alphabet[row.indexOf(Math.max(...row))]).join("");
  return { kind: "text", text };
}

/**
 * Fit text to an alphabet: letters take its case if it has only one, and line ends become spaces.
 * @param {string} text
 * @param {string} alphabet
 * @returns {{text: string, foreign: string[]}} `foreign`: the symbols that the alphabet does not have, each once; they are not in `text`
 */
export function fitText(text, alphabet) {
  /** @type {Set<string>} */
  const foreign = new Set();
  let fitted = "";
  for (const symbol of text) {
    const known = [symbol, symbol.toLowerCase(), symbol.toUpperCase(), /\s/.test(symbol) ? " " : ""].find(
      (form) => form.length === 1 && alphabet.includes(form),
    );
    if (known === undefined) foreign.add(symbol);
    else fitted += known;
  }
  return { text: fitted, foreign: [...foreign] };
}
