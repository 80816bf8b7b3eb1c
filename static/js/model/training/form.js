/** The form of a training as data: what it starts with, and what is wrong with it. */

/** @import {TrainingConfig, TrainingFault, TrainingSpec, TrainingTask} from "../../types.d.ts" */

export const LARGEST_SEED = 2 ** 31 - 1;

/** What the form shows for a task about which nothing else is known. */
const USUAL = { cell: "gru", hidden_size: 16, layers: 1, both_directions: false, initial: "uniform", rate: 0.01, batch: 64, steps: 1000, seed: 0, until_solved: true };

/** The names of fields with a number, for messages. */
const NAMES = { hidden_size: "Hidden units", layers: "Layers", rate: "Learning rate", batch: "Batch", steps: "Steps", seed: "Seed" };

/**
 * The spec that is offered for a task.
 * @param {TrainingTask} task
 * @returns {TrainingSpec}
 */
export function specFor({ name, settings, recipe }) {
  return /** @type {TrainingSpec} */ ({ ...USUAL, ...recipe, task: { name, settings } });
}

/**
 * The first field with a value out of its range.
 * @param {TrainingSpec} spec with NaN where a field has no number
 * @param {TrainingConfig["limits"]} limits
 * @returns {TrainingFault | null}
 */
export function faultOf({ hidden_size, layers, batch, steps, seed, rate, task }, limits) {
  for (const [name, value] of Object.entries(task.settings ?? {})) {
    const fault = wholeFault(`task.settings.${name}`, nameOf(name), value, 0, limits.setting);
    if (fault) return fault;
  }
  return wholeFault("hidden_size", NAMES.hidden_size, hidden_size, 1, limits.hidden_size)
    ?? wholeFault("layers", NAMES.layers, layers, 1, limits.layers)
    ?? rateFault(rate, limits.rate)
    ?? wholeFault("batch", NAMES.batch, batch, 1, limits.batch)
    ?? wholeFault("steps", NAMES.steps, steps, 1, limits.steps)
    ?? wholeFault("seed", NAMES.seed, seed, 0, LARGEST_SEED);
}

/**
 * A setting's name for people.
 * @param {string} name
 */
export function nameOf(name) {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

/**
 * The field of the form that a fault of the server is about, "" for the whole form.
 * @param {TrainingFault} fault
 */
export function fieldOf({ field }) {
  return field.startsWith("training.") ? field.slice("training.".length) : field;
}

/**
 * @param {string} field
 * @param {string} name
 * @param {number | undefined} value
 * @param {number} low
 * @param {number} high
 * @returns {TrainingFault | null}
 */
function wholeFault(field, name, value, low, high) {
  if (value !== undefined && Number.isInteger(value) && value >= low && value <= high) return null;
  return { field, message: `${name}: expected a whole number from ${low} to ${high}.` };
}

/**
 * @param {number | undefined} rate
 * @param {number} most
 * @returns {TrainingFault | null}
 */
function rateFault(rate, most) {
  if (rate !== undefined && rate > 0 && rate <= most) return null;
  return { field: "rate", message: `${NAMES.rate}: expected a number above 0 and at most ${most}.` };
}
