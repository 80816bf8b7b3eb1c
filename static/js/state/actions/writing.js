/** Actions of writing on: the network reads its own answers. */

import { inputLength } from "../../model/document.js";
import { DEFAULT_OPTIONS, wished, withWritten, writtenSteps } from "../../model/writing.js";

/** @import {Config, GruDocument, State, WriteOptions} from "../../types.d.ts" */
/** @import {Store} from "../store.js" */

/**
 * @param {Pick<Store, "get" | "dispatch">} store
 * @param {object} base
 * @param {(document: GruDocument, gesture: null, also: {view: Partial<State>}) => boolean} base.commit
 * @param {(text: string) => false} base.refuse
 * @param {Config["limits"]} base.limits
 */
export function createWriteActions({ get, dispatch }, { commit, refuse, limits }) {
  return {
    /** @param {Partial<WriteOptions>} options */
    setWriteOptions: (options) => dispatch({ type: "shown", settings: { writeOptions: { ...get().writeOptions, ...options } } }),

    resetWriteOptions: () => dispatch({ type: "shown", settings: { writeOptions: DEFAULT_OPTIONS } }),

    /** Let the network write on after the selected step. */
    writeOn() {
      const { selection: { t }, document: { input }, writeOptions } = get();
      const most = limits.steps - t - 1;
      if (most < 1) return refuse(`Write on: an input has at most ${limits.steps} steps, and this one has ${inputLength(input)}. Choose an earlier step to go on from.`);
      dispatch({ type: "write wished", writing: wished(t, writeOptions, most) });
      return true;
    },

    stopWriting: () => dispatch({ type: "write stopped" }),
    discardWritten: () => dispatch({ type: "write discarded" }),

    /** Put what was written in place of the steps after the one that it went on from. */
    useWritten() {
      const { document: doc, network, writing } = get();
      if (writing === null || writtenSteps(writing) === 0) return;
      commit(withWritten(doc, network, writing), null, { view: { writing: null } });
    },
  };
}
