/** Actions about the page's training. */

import { viewOf } from "../../model/document.js";
import { pushed } from "../../model/history.js";
import { sized } from "../../model/network.js";
import { follows, followed, shows, withSnapshotOf } from "../../model/training/shown.js";
import { asked, told } from "../../model/training/training.js";

/** @import {GruDocument, State, Training} from "../../types.d.ts" */
/** @import {Action} from "../types.d.ts" */

/**
 * @param {State} state
 * @param {Action} action
 * @returns {Partial<State> | null} null if the action is of another kind
 */
export function reduceTraining(state, action) {
  switch (action.type) {
    case "training asked":
      return { training: asked(state.training, action.spec) };
    case "training told":
      return after(state, action.messages.reduce(told, state.training));
    case "training set":
      return { training: { ...state.training, ...action.settings } };
    case "snapshot shown":
      return showing(state, { ...state.training, following: action.following, playing: action.playing }, action.digest);
    default:
      return null;
  }
}

/**
 * @param {State} state
 * @param {Training} training
 * @returns {Partial<State>}
 */
function after(state, training) {
  const document = followed(training, state.document);
  const newest = training.snapshots.at(-1);
  if (document !== state.document && newest !== undefined) return showing(state, { ...training, due: false }, newest.digest);
  // The page has left the training, by an edit or for another network, and only the reader returns to it.
  const left = training.status === "running" && training.snapshots.length > 0 && !follows(training, state.document);
  return { training: left ? { ...training, following: false } : training, ...(state.training.ready !== training.ready && known(state, training)) };
}

/**
 * The network on show, if a reloaded page finds that it is a snapshot, whose card it now knows.
 * @param {State} state
 * @param {Training} training
 * @returns {Partial<State>}
 */
function known({ document, network }, training) {
  const { ready } = training;
  return ready !== null && shows(training, document) ? { network: sized(document, network.parts, network.alphabet, ready.card) } : {};
}

/**
 * Show a snapshot. All that are shown in a row are one step to undo.
 * @param {State} state
 * @param {Training} training
 * @param {string} digest
 * @returns {Partial<State>}
 */
function showing(state, training, digest) {
  const document = withSnapshotOf(training, digest, state.document);
  const history = pushed(state.history, document, `training ${training.id}`);
  return { training, document, history, ...(shows(training, state.document) ? {} : arriving(state, training, document)) };
}

/**
 * The view of a document that had shown another network before.
 * @param {State} state
 * @param {Training} training
 * @param {GruDocument} document
 * @returns {Partial<State>}
 */
function arriving({ selection }, { ready }, document) {
  return { selection: { ...selection, ...viewOf(document), ...ready?.look }, preview: null, zoom: null, channel: 0, playing: false, leaf: null, trail: [] };
}
