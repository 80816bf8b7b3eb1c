/** The controls above the input strip: text or numbers, length, generators, adding and removing a step. */

import { channelValues } from "../../state/actions.js";
import { fill, integerOf, press, put } from "../../lib/dom.js";
import { inputLength } from "../../model/document.js";
import { nearestText, oneHot } from "../../model/encode.js";
import { inputName } from "../../lib/format.js";
import { generateNumbers, GENERATORS, generateText, resize } from "../../model/generators.js";
import { allow } from "../../lib/controls/focus-restore.js";

/** @import {Page, View} from "../../state/page.d.ts" */
/** @import {Input, InputPiece, State} from "../../types.d.ts" */
/** @import {Generator} from "../../model/generators.js" */

const LARGEST_SEED = 2 ** 31 - 1;

/**
 * `renewable`: whether a new seed would replace the input with new noise. `seeding`: whether the seed's field has the focus.
 * @typedef {Pick<State, "network" | "channel"> & {input: Input, renewable: boolean, seeding: boolean}} Inputs
 */

/**
 * One step of an input, to insert it again.
 * @param {Input} input
 * @param {number} t
 * @returns {InputPiece}
 */
function stepOf(input, t) {
  if (input.kind === "text") return input.text[t];
  return input.kind === "tokens" ? [input.tokens[t]] : [[...input.values[t]]];
}

/**
 * @param {Page} page
 * @returns {View<Inputs>}
 */
export function createInputPanel(page) {
  const { store, actions, byId } = page;
  const { limits } = page.config;
  const generator = byId("generator", HTMLSelectElement);
  const seed = byId("generator-seed", HTMLInputElement);
  const steps = byId("steps", HTMLInputElement);
  const channel = byId("channel", HTMLSelectElement);
  const panel = /** @type {HTMLElement} */ (steps.closest(".input"));
  let fills = 0;
  /** The last input from the noise generator. A new seed replaces it as long as it is still the document's input. */
  let noise = store.get().document.input;

  steps.max = String(limits.steps);
  generator.append(new Option("choose…", ""));
  generator.append(...Object.entries(GENERATORS).map(([kind, label]) => new Option(label, kind)));
  generator.addEventListener("change", () => {
    const kind = /** @type {Generator} */ (generator.value);
    fills += 1;
    generator.value = "";
    generate(kind);
  });
  seed.addEventListener("input", () => {
    if (noise === store.get().document.input) generate("noise");
  });
  channel.addEventListener("change", () => actions.show({ channel: Number(channel.value) }));
  byId("mode-text").addEventListener("click", toText);
  byId("mode-numbers").addEventListener("click", toNumbers);
  byId("add-step").addEventListener("click", addStep);
  byId("remove-step").addEventListener("click", removeStep);
  steps.addEventListener("change", () => {
    const count = integerOf(steps, 1, limits.steps);
    if (count === null) {
      actions.notify({ kind: "error", text: `T: expected a whole number from 1 to ${limits.steps}, got “${steps.value}”.` });
    } else {
      const { document: doc, network } = store.get();
      actions.replaceInput(resize(doc.input, count, network.alphabet?.[0] ?? " ", network.inputSize), null, undefined, doc.target ?? undefined);
    }
  });
  steps.addEventListener("blur", () => showCount(store.get().document.input));

  /** @param {Generator} kind */
  function generate(kind) {
    const { document: doc, network, channel: chosen } = store.get();
    const at = stepInInput();
    const number = integerOf(seed, 0, LARGEST_SEED);
    if (number === null) return;
    const gesture = `generate ${fills}`;
    if (doc.input.kind === "text") {
      const text = generateText(doc.input.text, network.alphabet ?? " ", kind, at, number);
      actions.replaceInput({ kind: "text", text }, gesture);
    } else if (doc.input.kind === "numbers") {
      const values = generateNumbers(channelValues(doc.input, chosen), kind, at, number);
      const rows = doc.input.values.map((row, t) => row.map((old, i) => (i === chosen ? values[t] : old)));
      actions.replaceInput({ kind: "numbers", values: rows }, gesture);
    }
    if (kind === "noise") noise = store.get().document.input;
  }

  function toText() {
    const { document: doc, network } = store.get();
    if (doc.input.kind === "numbers" && network.alphabet) actions.replaceInput(nearestText(doc.input, network.alphabet));
  }

  function toNumbers() {
    const { document: doc, network } = store.get();
    if (doc.input.kind !== "text" || !network.alphabet) return;
    const symbol = doc.input.text[stepInInput()];
    if (actions.replaceInput(oneHot(doc.input, network.alphabet))) {
      actions.show({ channel: Math.max(0, network.alphabet.indexOf(symbol)) });
    }
  }

  /** The selected step, or the last one of the input while the selection is at a step of a decoder. */
  function stepInInput() {
    const { document: doc, selection } = store.get();
    return Math.min(selection.t, inputLength(doc.input) - 1);
  }

  function addStep() {
    const { input } = store.get().document;
    const t = stepInInput();
    if (actions.splice(t + 1, 0, stepOf(input, t))) actions.select({ t: t + 1 });
  }

  function removeStep() {
    const { input } = store.get().document;
    const t = stepInInput();
    if (actions.splice(t, 1, input.kind === "text" ? "" : [])) actions.select({ t });
  }

  /** @param {Inputs} inputs */
  function render(inputs) {
    const { input, network: { alphabet, parts }, renewable, seeding } = inputs;
    press(byId("mode-text"), input.kind === "text");
    press(byId("mode-numbers"), input.kind === "numbers");
    const tokens = input.kind === "tokens";
    put(byId("input-mode"), "hidden", tokens);
    put(byId("generator-field"), "hidden", tokens);
    allow(byId("mode-text"), alphabet !== null);
    allow(byId("mode-numbers"), parts.vocabulary === null);
    put(byId("mode-text"), "title", alphabet === null ? "This network reads numbers, it has no alphabet" : "");
    showCount(input);
    allow(byId("remove-step"), inputLength(input) > 1);
    put(byId("generator-seed-field"), "hidden", !renewable && !seeding);
    showChannels(inputs);
  }

  /**
   * Show the number of timesteps, unless the reader is typing one.
   * @param {Input} input
   */
  function showCount(input) {
    fill(steps, String(inputLength(input)));
    if (document.activeElement !== steps) steps.removeAttribute("aria-invalid");
  }

  /** @param {Inputs} inputs */
  function showChannels({ network, input, channel: chosen }) {
    const count = network.inputSize;
    const several = input.kind === "numbers" && count > 1;
    put(byId("channel-field"), "hidden", !several);
    if (!several) return;
    const names = Array.from({ length: count }, (_, i) => inputName(network, i));
    if (channel.dataset.names !== names.join()) {
      channel.dataset.names = names.join();
      channel.replaceChildren(...names.map((name, i) => new Option(name, String(i))));
    }
    put(channel, "value", String(chosen));
  }

  return {
    root: panel,
    inputs: (_, { document: { input }, network, channel }) =>
      ({ input, network, channel, renewable: input === noise && fills > 0, seeding: document.activeElement === seed }),
    render,
  };
}
