/** The top bar: network, undo and redo, theme, help and connection. */

import { canRedo, canUndo } from "../../model/history.js";
import { exampleOf } from "../../model/examples.js";
import { fill, integerOf, make, numberOf, put } from "../../lib/dom.js";
import { resizeChannels } from "../../model/generators.js";
import { allow } from "../../lib/controls/focus-restore.js";
import { closeLikeMenu } from "../../lib/controls/popover.js";

/** @import {Page, View} from "../../state/page.d.ts" */
/** @import {GruDocument, Network, NetworkSpec, RandomNetwork, State} from "../../types.d.ts" */

const LARGEST_SEED = 2 ** 31 - 1;
/** The maximum number of characters of an example's title in the closed list. */
const LONGEST_TITLE = 26;
const SMALLEST_GAIN = 0.01;
const LARGEST_GAIN = 100;
const CONNECTION_TEXTS = { connecting: "connecting", open: "live", lost: "connection lost, edits are kept" };

/** @typedef {Pick<State, "network" | "connection" | "history"> & {doc: GruDocument, focused: Element | null}} Inputs */

/**
 * @param {Page} page
 * @returns {View<Inputs>}
 */
export function createHeader(page) {
  const { config, store, actions, byId } = page;
  const example = byId("example", HTMLSelectElement);
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

  closeLikeMenu(page, byId("network-more", HTMLDetailsElement));
  listExamples();
  example.addEventListener("change", () => actions.openExample(example.value));
  for (const key of /** @type {(keyof typeof fields)[]} */ (Object.keys(fields))) {
    fields[key].addEventListener("change", () => change(key));
  }
  byId("undo").addEventListener("click", actions.undo);
  byId("redo").addEventListener("click", actions.redo);
  byId("theme").addEventListener("click", () => {
    const theme = store.get().theme === "dark" ? "light" : "dark";
    actions.show({ theme });
    rememberTheme(theme);
  });
  byId("help").addEventListener("click", () => byId("help-dialog", HTMLDialogElement).showModal());
  byId("help-close").addEventListener("click", () => byId("help-dialog", HTMLDialogElement).close());

  function listExamples() {
    example.replaceChildren(...config.examples.map(({ name, title }) => Object.assign(new Option(brief(title), name), { title })));
  }

  /** @param {keyof typeof fields} key */
  function change(key) {
    const { network, input } = store.get().document;
    const [low, high] = ranges[key];
    const value = key === "gain" ? numberOf(fields[key], low, high) : integerOf(fields[key], low, high);
    if (value === null) {
      actions.notify({ kind: "error", text: `${names[key]}: expected a ${key === "gain" ? "number" : "whole number"} from ${low} to ${high}, got “${fields[key].value}”.` });
    } else if (network.kind === "random") {
      const channels = key === "input_size" ? value : network.input_size ?? 1;
      const resized = input.kind === "numbers" && network.alphabet == null ? resizeChannels(input, channels) : input;
      actions.replaceNetwork({ ...network, [key]: value }, resized);
    }
  }

  /** @param {Inputs} inputs */
  function render({ doc, network, connection, history }) {
    if (config.examples.some(({ name }, i) => example.options[i]?.value !== name)) listExamples();
    showNetwork(doc.network);
    put(byId("network-kind"), "textContent", kindOf(doc.network, network));
    showChoice(exampleOf(config, doc)?.name ?? "");
    allow(byId("undo"), canUndo(history));
    allow(byId("redo"), canRedo(history));
    byId("connection").dataset.connection = connection;
    put(byId("connection-text"), "textContent", CONNECTION_TEXTS[connection]);
  }

  /** @param {NetworkSpec} network */
  function showNetwork(network) {
    const random = network.kind === "random";
    put(byId("network-fields"), "hidden", !random);
    if (!random) return;
    put(byId("input-size-field"), "hidden", network.alphabet != null);
    for (const key of /** @type {(keyof typeof fields)[]} */ (Object.keys(fields))) showField(network, key);
  }

  /**
   * @param {RandomNetwork} network
   * @param {keyof typeof fields} key
   */
  function showField(network, key) {
    fill(fields[key], String(network[key] ?? (key === "gain" ? 1 : "")));
    if (document.activeElement !== fields[key]) fields[key].removeAttribute("aria-invalid");
  }

  /** @param {string} name */
  function showChoice(name) {
    if (example.value === name) return;
    const own = example.querySelector('option[value=""]');
    if (name === "" && !own) example.append(Object.assign(make("option"), { value: "", textContent: "your own", disabled: true }));
    example.value = name;
    example.title = example.selectedOptions[0]?.title ?? "";
  }

  return {
    root: /** @type {HTMLElement} */ (example.closest(".bar")),
    // `focused` renders the fields again when the focus leaves one, so that it shows the document's value.
    inputs: (_, { document: doc, network, connection, history }) => ({ doc, network, connection, history, focused: document.activeElement }),
    render,
  };
}

/**
 * The size of a network, and the origin of its weights.
 * @param {NetworkSpec} spec
 * @param {Network} network
 */
function kindOf({ kind }, { hiddenSize, parts: { layers } }) {
  const from = { random: "untrained", example: "wired by hand", file: "from a file" }[kind];
  const size = layers.length > 1 ? `${layers.length} layers` : `${hiddenSize} ${hiddenSize === 1 ? "unit" : "units"}`;
  return `${size}, ${from}`;
}

/**
 * A title, shortened in the middle if it is too long, because the titles of a file's layers differ only at the end.
 * @param {string} title
 */
function brief(title) {
  const end = title.lastIndexOf(" · ");
  const room = LONGEST_TITLE - (title.length - end);
  return end < 0 || title.length <= LONGEST_TITLE || room < 4 ? title : `${title.slice(0, room - 1)}…${title.slice(end)}`;
}

/** @param {State["theme"]} theme for theme.js to read on the next visit */
function rememberTheme(theme) {
  try {
    localStorage.setItem("gruscope theme", theme);
  } catch {
    // Storage is blocked: the theme lasts until the page is left.
  }
}
