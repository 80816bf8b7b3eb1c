/** Text as one-hot rows and back, and what an alphabet takes. */

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
 * Text as an alphabet takes it: letters in its case where it has just the one, line ends as spaces.
 * @param {string} text
 * @param {string} alphabet
 * @returns {{text: string, foreign: string[]}} `foreign`: the symbols it does not have, each once; left out of `text`
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
