/** The card of an untrained network of any size: its fields, and the button that opens it. */

import { integerOf, numberOf, put } from "../../lib/dom.js";

/** @import {Page} from "../../state/page.d.ts" */
/** @import {GruDocument, State} from "../../types.d.ts" */

const LARGEST_SEED = 2 ** 31 - 1;
const SMALLEST_GAIN = 0.01;
const LARGEST_GAIN = 100;

/**
 * @param {Page} page
 * @param {() => void} close called when a network has been opened
 */
export function createUntrained({ config, store, actions, byId }, close) {
  const fields = {
    hidden_size: byId("hidden-size", HTMLInputElement),
    input_size: byId("input-size", HTMLInputElement),
    seed: byId("seed", HTMLInputElement),
    gain: byId("gain", HTMLInputElement),
  };
  const names = { hidden_size: "Hidden units", input_size: "Channels", seed: "Seed", gain: "Gain" };
  const ranges = {
    hidden_size: [1, config.limits.hidden_size],
    input_size: [1, config.limits.input_size],
    seed: [0, LARGEST_SEED],
    gain: [SMALLEST_GAIN, LARGEST_GAIN],
  };
  const keys = /** @type {(keyof typeof fields)[]} */ (Object.keys(fields));
  const fault = byId("picker-fault");

  byId("untrained-open").addEventListener("click", open);
  byId("untrained").addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.target instanceof HTMLInputElement)) return;
    event.preventDefault();
    open();
  });
  for (const key of keys) fields[key].addEventListener("change", () => valueOf(key));

  function open() {
    const values = Object.fromEntries(keys.map((key) => [key, fields[key].closest("[hidden]") ? 1 : valueOf(key)]));
    const wrong = keys.find((key) => values[key] === null);
    if (wrong !== undefined) valueOf(wrong);
    else if (actions.openUntrained(/** @type {Record<keyof typeof fields, number>} */ (values))) close();
    else say(store.get().notice?.text ?? "");
  }

  /**
   * The number in a field, or null if it is out of range, which is then said.
   * @param {keyof typeof fields} key
   */
  function valueOf(key) {
    const [low, high] = ranges[key];
    const value = key === "gain" ? numberOf(fields[key], low, high) : integerOf(fields[key], low, high);
    say(value === null ? `${names[key]}: expected a ${key === "gain" ? "number" : "whole number"} from ${low} to ${high}, got “${fields[key].value}”.` : "");
    return value;
  }

  /** @param {string} text */
  function say(text) {
    put(fault, "hidden", text === "");
    put(fault, "textContent", text);
  }

  /**
   * Show the sizes of the page's network, as a start.
   * @param {GruDocument} document
   * @param {State["network"]} network
   */
  return function show({ network: spec, input }, { hiddenSize, inputSize }) {
    const random = spec.kind === "random" ? spec : null;
    const values = { hidden_size: random?.hidden_size ?? hiddenSize, input_size: random?.input_size ?? inputSize, seed: random?.seed ?? 0, gain: random?.gain ?? 1 };
    for (const key of keys) {
      put(fields[key], "value", String(values[key]));
      fields[key].removeAttribute("aria-invalid");
    }
    put(byId("input-size-field"), "hidden", input.kind !== "numbers");
    say("");
  };
}
