/** The pure reducer: the same state and action always give the same next state. */

import { reduceAblation } from "./ablation.js";
import { reduceDocument } from "./document.js";
import { reduceFocus } from "./focus.js";
import { reduceRun } from "./run.js";
import { reduceTraining } from "./training.js";
import { settled } from "./settled.js";
import { reduceWriting } from "./writing.js";

/** @import {Config, State} from "../../types.d.ts" */
/** @import {Action} from "../types.d.ts" */

/**
 * @param {Config} config
 * @returns {(state: State, action: Action) => State}
 */
export function createReducer(config) {
  return (state, action) => {
    const patch = reduceDocument(state, action, config) ?? reduceFocus(state, action) ?? reduceTraining(state, action) ?? reduceAblation(state, action)
      ?? reduceWriting(state, action) ?? reduceRun(state, action);
    return settled(merged(state, patch), state, config);
  };
}

/**
 * Apply a patch; if it changes nothing, return the same object, so that listeners are not called.
 * @param {State} state
 * @param {Partial<State>} patch
 */
function merged(state, patch) {
  const keys = /** @type {(keyof State)[]} */ (Object.keys(patch));
  return keys.every((key) => Object.is(patch[key], state[key])) ? state : { ...state, ...patch };
}
