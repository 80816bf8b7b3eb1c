/** The only keeper of state: one immutable object, which the reducer replaces for each action. */

/** @import {Action} from "./types.d.ts" */
/** @import {State} from "../types.d.ts" */

/**
 * @typedef {object} Store
 * @property {() => State} get
 * @property {(action: Action) => void} dispatch reduce an action; actions that a listener dispatches wait until all listeners have run
 * @property {(listener: (state: State, before: State) => void) => void} subscribe listen to changes
 */

/**
 * @param {State} initial
 * @param {(state: State, action: Action) => State} reduce
 * @returns {Store}
 */
export function createStore(initial, reduce) {
  let state = initial;
  let busy = false;
  /** @type {Action[]} */
  const queue = [];
  /** @type {((state: State, before: State) => void)[]} */
  const listeners = [];

  function drain() {
    for (let action = queue.shift(); action !== undefined; action = queue.shift()) {
      const before = state;
      state = reduce(before, action);
      if (state !== before) for (const listener of listeners) listener(state, before);
    }
  }

  return {
    get: () => state,
    dispatch(action) {
      queue.push(action);
      if (busy) return;
      busy = true;
      try {
        drain();
      } finally {
        busy = false;
      }
    },
    subscribe(listener) {
      listeners.push(listener);
    },
  };
}
