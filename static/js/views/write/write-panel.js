/** The button that lets the network write on, and how it draws. */

import { allow } from "../../lib/controls/focus-restore.js";
import { closeLikeMenu } from "../../lib/controls/popover.js";
import { fill, integerOf, numberOf, put } from "../../lib/dom.js";
import { HOTTEST, writesOn } from "../../model/writing.js";

/** @import {Page, View} from "../../state/page.d.ts" */
/** @import {NetworkPart, State, WriteOptions} from "../../types.d.ts" */

const LARGEST_SEED = 2 ** 31 - 1;

/** @typedef {{writes: NetworkPart["writes"], options: WriteOptions, busy: boolean, connected: boolean}} Inputs */

/**
 * @param {Page} page
 * @returns {View<Inputs>}
 */
export function createWritePanel(page) {
  const { store, actions, byId, config: { limits } } = page;
  const root = byId("write-on");
  const button = byId("write", HTMLButtonElement);
  const temperature = byId("write-temperature", HTMLInputElement);
  const topK = byId("write-top", HTMLInputElement);
  const seed = byId("write-seed", HTMLInputElement);
  const steps = byId("write-steps", HTMLInputElement);
  temperature.max = String(HOTTEST);
  steps.max = String(limits.steps - 1);

  button.addEventListener("click", () => (isBusy(store.get()) ? actions.stopWriting() : actions.writeOn()));
  closeLikeMenu(page, byId("write-more", HTMLDetailsElement));

  listen(temperature, `a number from 0 to ${HOTTEST}`, () => numberOf(temperature, 0, HOTTEST), (value) => ({ temperature: value }));
  listen(seed, `a whole number from 0 to ${LARGEST_SEED}`, () => integerOf(seed, 0, LARGEST_SEED), (value) => ({ seed: value }));
  listen(steps, `a whole number from 1 to ${limits.steps - 1}`, () => integerOf(steps, 1, limits.steps - 1), (value) => ({ steps: value }));
  listen(topK, "a whole number from 1, or nothing for all symbols", top, (value) => ({ topK: value === Infinity ? null : value }));

  /** The number in the field, infinite if it is empty. */
  function top() {
    if (topK.value.trim() !== "" || topK.validity.badInput) return integerOf(topK, 1, LARGEST_SEED);
    topK.setAttribute("aria-invalid", "false");
    return Infinity;
  }

  /**
   * @param {HTMLInputElement} field
   * @param {string} expected
   * @param {() => number | null} read
   * @param {(value: number) => Partial<WriteOptions>} option
   */
  function listen(field, expected, read, option) {
    field.addEventListener("change", () => {
      const value = read();
      if (value !== null) actions.setWriteOptions(option(value));
      else actions.notify({ kind: "error", text: `${field.dataset.name}: expected ${expected}, got “${field.value}”.` });
    });
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      field.dispatchEvent(new Event("change"));
      if (field.getAttribute("aria-invalid") !== "true") actions.writeOn();
    });
  }

  /** @param {Inputs} inputs */
  function render({ writes, options, busy, connected }) {
    put(root, "hidden", writes === null);
    put(button, "textContent", busy ? "Stop" : "Write on");
    allow(button, connected || busy);
    const drawn = writes === "symbols";
    for (const field of [temperature, topK, seed]) put(/** @type {HTMLElement} */ (field.closest("label")), "hidden", !drawn);
    fill(temperature, String(options.temperature));
    fill(topK, options.topK === null ? "" : String(options.topK));
    fill(seed, String(options.seed));
    fill(steps, String(options.steps));
  }

  return {
    root,
    inputs: (_, state) =>
      ({ writes: writesOn(state.network), options: state.writeOptions, busy: isBusy(state), connected: state.connection === "open" }),
    render,
  };
}

/** @param {Pick<State, "writing">} state */
function isBusy({ writing }) {
  return writing?.status === "waiting" || writing?.status === "writing";
}
