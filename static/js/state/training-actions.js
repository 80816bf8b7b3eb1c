/** Actions on the page's training: its messages, and its snapshots. */

import { digestOf } from "../model/training/shown.js";
import { indexOf, newestOf } from "../model/training/training.js";

/** @import {Action} from "./types.d.ts" */
/** @import {Store} from "./store.js" */
/** @import {TrainingMessage, TrainingSpec} from "../types.d.ts" */

/** @param {Pick<Store, "get" | "dispatch">} store */
export function createTrainingActions({ get, dispatch }) {
  /**
   * @param {number} index of a snapshot; the nearest one if there is none
   * @param {{following?: boolean, playing?: boolean}} [options]
   */
  function showSnapshot(index, { following = false, playing = false } = {}) {
    const { snapshots } = get().training;
    const found = snapshots[Math.max(0, Math.min(snapshots.length - 1, index))];
    if (found) dispatch({ type: "snapshot shown", digest: found.digest, following, playing });
  }

  return {
    /** @param {TrainingSpec} spec */
    askTraining: (spec) => dispatch({ type: "training asked", spec }),

    /** @param {readonly TrainingMessage[]} messages of the server, in order */
    tellTraining: (messages) => dispatch({ type: "training told", messages }),

    /** @param {Extract<Action, {type: "training set"}>["settings"]} settings */
    setTraining: (settings) => dispatch({ type: "training set", settings }),

    showSnapshot,

    /** Show the newest snapshot, and then each new one. */
    followTraining: () => showSnapshot(Infinity, { following: newestOf(get().training) !== null }),

    /**
     * Show the next snapshot while they are played.
     * @returns {boolean} whether there are more
     */
    playSnapshot() {
      const { training, document } = get();
      const next = indexOf(training, digestOf(document)) + 1;
      const more = next < training.snapshots.length - 1;
      showSnapshot(next, { playing: more });
      return more;
    },
  };
}
