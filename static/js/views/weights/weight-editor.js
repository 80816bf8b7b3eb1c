/** Edits the chosen weight and its whole array. */

import { viewOf } from "../../model/document.js";
import { editsIn, isOfWeights, isOn, isTouched, lastEditOf } from "../../model/edits/edits.js";
import { fill, fillNumber, integerOf, put } from "../../lib/dom.js";
import { valueNamed } from "../../model/cell/equations.js";
import { parseNumber, short } from "../../lib/format.js";
import { cellName, chosenCell } from "../../model/weights/cell-name.js";
import { shownArrays } from "../../model/weights/ends.js";
import { valueIn } from "../../model/weights/tensor.js";
import { allow } from "../../lib/controls/focus-restore.js";
import { createSlider } from "../../lib/controls/slider.js";
import { isVector } from "../../model/cell/references.js";

/** @import {Page, View} from "../../state/page.d.ts" */
/** @import {Cell, Edit, State} from "../../types.d.ts" */
/** @import {GridActions} from "./grid.js" */

/** A nudge is a round number, about a hundredth of the weights' range. */
const NUDGES = 60;
/** The number of digits in the field, enough for a float32. */
const DIGITS = 7;
const SLIDER_PARTS = 5;
const LARGEST_SEED = 2 ** 31 - 1;

/** @typedef {Pick<State, "cell" | "selection" | "document" | "part"> & ReturnType<typeof shownArrays>} Chosen the state that determines the chosen weight's value */
/** @typedef {Chosen & Pick<State, "network">} Inputs */

/**
 * @param {Page} page
 * @param {(name: Cell["array"]) => void} focusGrid
 * @param {GridActions["leave"]} leave
 * @returns {{view: View<Inputs>, gridActions: GridActions}}
 */
export function createWeightEditor(page, focusGrid, leave) {
  const { store, actions, byId } = page;
  const panel = byId("cell-editor");
  const field = byId("weight-value", HTMLInputElement);
  const seed = byId("array-seed", HTMLInputElement);
  const factor = byId("array-factor", HTMLInputElement);
  const common = byId("array-value", HTMLInputElement);
  let visit = 0;

  const slider = createSlider(byId("weight-slider", HTMLInputElement), {
    begin: () => { visit += 1; },
    set: (value) => set(cell(), value, `slider ${visit}`),
  });
  const cell = () => chosenCell(store.get());
  const array = () => cell().array;
  const described = (/** @type {Cell["array"]} */ name) => shownArrays(store.get()).arrays[name];
  const now = () => ({ ...store.get(), ...shownArrays(store.get()) });
  /** Randomised arrays use the gain that the network was drawn with. */
  const gain = () => {
    const { network } = store.get().document;
    return network.kind === "random" ? network.gain ?? 1 : 1;
  };

  /**
   * @param {Cell} target
   * @param {number} value
   * @param {string} gesture
   */
  function set(target, value, gesture) {
    const column = isVector(described(target.array)) ? {} : { column: target.column };
    return actions.editWeights({ op: "set", array: target.array, row: target.row, ...column, value }, gesture);
  }

  /**
   * Set a weight to the multiple of the nudge step that is `steps` away from a value.
   * @param {Cell} target
   * @param {number} from
   * @param {number} steps
   * @param {string} gesture
   */
  function move(target, from, steps, gesture) {
    if (Number.isNaN(from)) return; // the cell was scrolled away from, and the page no longer has its value
    const step = nudgeStep(page.weightScale(now()));
    const value = Math.round(from / step + steps) * step;
    set(target, Number(value.toPrecision(6)), gesture);
  }

  /**
   * @param {Cell} target
   * @param {number} steps
   * @param {string} gesture
   */
  function nudge(target, steps, gesture) {
    move(target, valueOf(now(), target), steps, gesture);
  }

  /** @param {Cell | null} over */
  function hover(over) {
    if (store.get().part !== "layer") return;
    const quantity = over && valueNamed(store.get().model, over.array);
    actions.point(over && { unit: over.row, ...(quantity && { quantity }) });
  }

  /** @param {Cell["array"]} name */
  function enter(name) {
    if (array() !== name) actions.chooseCell({ array: name, row: cell().row, column: 0 });
  }

  /** @param {Cell} target */
  function restore(target) {
    const column = isVector(described(target.array)) ? {} : { column: target.column };
    actions.editWeights({ op: "restore", array: target.array, row: target.row, ...column });
  }

  field.addEventListener("focus", () => {
    visit += 1;
    put(field, "value", shown(now()));
    field.select();
  });
  field.addEventListener("input", () => {
    const value = parseNumber(field.value);
    const taken = !Number.isNaN(value) && set(cell(), value, `field ${visit}`);
    field.setAttribute("aria-invalid", String(!taken));
    // Replace a rejected number with the current weight.
    fillNumber(field, shown(now()));
  });
  field.addEventListener("change", () => {
    if (!Number.isNaN(parseNumber(field.value))) return;
    actions.notify({ kind: "error", text: `${cellName(cell(), store.get().network, described(array()))}: expected a finite number, got “${field.value}”.` });
  });
  field.addEventListener("blur", () => {
    field.removeAttribute("aria-invalid");
    fill(field, shown(now()));
  });
  field.addEventListener("keydown", (event) => {
    const steps = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (steps !== undefined) {
      event.preventDefault();
      nudge(cell(), steps * (event.shiftKey ? 10 : 1), `field ${visit}`);
      field.value = shown(now());
    } else if (event.key === "Escape" || event.key === "Enter") {
      event.preventDefault();
      focusGrid(array());
    }
  });
  byId("weight-restore").addEventListener("click", () => restore(cell()));

  byId("array-zero").addEventListener("click", () => actions.editWeights({ op: "zero", array: array() }));
  byId("array-fill").addEventListener("click", fillArray);
  common.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    fillArray();
  });
  byId("array-restore").addEventListener("click", () => actions.editWeights({ op: "restore", array: array() }));
  byId("array-random").addEventListener("click", () => {
    const value = integerOf(seed, 0, LARGEST_SEED);
    if (value === null) actions.notify({ kind: "error", text: `seed: expected a whole number from 0, got “${seed.value}”.` });
    else randomise(value);
  });
  byId("array-scale").addEventListener("click", () => {
    const value = parseNumber(factor.value);
    if (Number.isNaN(value)) actions.notify({ kind: "error", text: `scale: expected a finite number, got “${factor.value}”.` });
    else actions.editWeights({ op: "scale", array: array(), factor: value });
  });

  function fillArray() {
    const value = parseNumber(common.value);
    const taken = !Number.isNaN(value) && actions.editWeights({ op: "fill", array: array(), value });
    common.setAttribute("aria-invalid", String(!taken));
    if (Number.isNaN(value)) actions.notify({ kind: "error", text: `${array()}: expected a finite number, got “${common.value}”.` });
  }
  common.addEventListener("blur", () => common.removeAttribute("aria-invalid"));

  /**
   * Draw the array from a seed. If that seed is already in use, take the next one and show it in the field.
   * @param {number} wanted
   */
  function randomise(wanted) {
    const last = here(store.get()).findLast((edit) => isOn(edit) && isOfWeights(edit) && edit.array === array());
    const value = last?.op === "random" && last.seed === wanted ? wanted + 1 : wanted;
    if (actions.editWeights({ op: "random", array: array(), seed: value, gain: gain() })) seed.value = String(value);
  }

  /** @param {Inputs} inputs */
  function render(inputs) {
    const chosen = chosenCell(inputs);
    const absent = inputs.weights[chosen.array] === undefined;
    put(panel, "inert", absent);
    if (absent) return;
    const value = valueOf(inputs, chosen);
    const known = !Number.isNaN(value);
    const most = Math.max(2 * page.weightScale(inputs), known ? Math.abs(value) : 0);
    const name = cellName(chosen, inputs.network, inputs.arrays[chosen.array]);
    put(byId("weight-name"), "textContent", name);
    put(byId("weight-name"), "title", name);
    panel.classList.toggle("of-end", inputs.part !== "layer");
    put(byId("array-name"), "textContent", chosen.array);
    fillNumber(field, shown(inputs));
    put(byId("weight-slider", HTMLInputElement), "disabled", !known);
    slider.show(known ? value : 0, { low: -most, high: most, step: nudgeStep(page.weightScale(inputs)) / SLIDER_PARTS });
    allow(byId("weight-restore"), value !== ownValue(inputs, chosen));
    allow(byId("array-restore"), isTouched(here(inputs), chosen.array));
  }

  /** @type {GridActions} */
  const gridActions = {
    choose: actions.chooseCell,
    hover,
    scroll: actions.scrollArray,
    chosen: cell,
    enter,
    leave,
    open: () => field.focus(),
    valueOf: (cell) => valueOf(now(), cell),
    move,
    nudge,
    restore,
  };
  /** @type {View<Inputs>} */
  const view = {
    root: panel,
    // The actual weights, not those of the run on show.
    inputs(_, state) {
      const { cell, selection, network, document, part } = state;
      return { cell, selection, network, document, part, ...shownArrays(state) };
    },
    render,
  };
  return { view, gridActions };
}

/**
 * The edits in the layer on show, or in the end that the panel shows.
 * @param {Pick<State, "document" | "part">} state
 * @returns {readonly Edit[]}
 */
function here({ document, part }) {
  return editsIn(document.edits, part === "layer" ? viewOf(document) : { part });
}

/** @param {number} scale the largest weight on the colour scale */
function nudgeStep(scale) {
  const most = scale / NUDGES;
  const power = 10 ** Math.floor(Math.log10(most));
  return ([5, 2].find((factor) => factor * power <= most) ?? 1) * power;
}

/**
 * The chosen weight as text: exactly as it was set, otherwise to `DIGITS` digits.
 * @param {Chosen} state
 */
function shown(state) {
  const typed = typedValue(state, chosenCell(state));
  return typed === null ? short(valueOf(state, chosenCell(state)), DIGITS).replace("−", "-") : String(typed);
}

/**
 * The number that the document sets a weight to, or null if a later edit or the network itself decides its value.
 * @param {Pick<Chosen, "document" | "part" | "arrays">} state
 * @param {Cell} cell
 */
function typedValue(state, { array, row, column }) {
  const last = lastEditOf(here(state), array, row, isVector(state.arrays[array]) ? null : column);
  return last?.op === "set" || last?.op === "fill" ? last.value : null;
}

/**
 * A weight's value: the document's if an edit sets it, otherwise the server's.
 * @param {Pick<Chosen, "weights" | "document" | "part" | "arrays">} state
 * @param {Cell} cell
 */
function valueOf(state, cell) {
  return typedValue(state, cell) ?? valueIn(state.weights[cell.array], cell.row, cell.column);
}

/**
 * @param {Pick<Chosen, "original" | "weights">} state
 * @param {Cell} cell
 */
function ownValue({ original, weights }, { array, row, column }) {
  return valueIn(original[array] ?? weights[array], row, column);
}
