/** Actions that change the page's document, and undo. */

import { diff, withView } from "../../model/document.js";
import { atDocument, moved, presentOf, pushed, replaced } from "../../model/history.js";
import { sized } from "../../model/network.js";
import { panelsOf, samePanels } from "../../model/panels.js";
import { selected } from "./focus.js";
import { partShown } from "./part.js";

/** @import {Config, GruDocument, History, State} from "../../types.d.ts" */
/** @import {Action} from "../types.d.ts" */

/**
 * @param {State} state
 * @param {Action} action
 * @param {Config} config
 * @returns {Partial<State> | null} null if the action is of another kind
 */
export function reduceDocument(state, action, config) {
  switch (action.type) {
    case "committed":
      return committed(state, action);
    case "travelled": {
      const history = moved(state.history, action.by);
      return history === state.history ? {} : at(history);
    }
    case "visited":
      return { ...at(atDocument(state.history, action.document)), preview: null, zoom: null, playing: false };
    case "layer shown":
      return { ...partShown(state, "layer"), ...at(replaced(state.history, withView(state.document, action.place))), preview: null };
    case "card given":
      return given(state, action);
    case "exchanged":
      return { ...at(action.history), ...action.view };
    case "taken back":
      return takenBack(state, action, config);
    default:
      return null;
  }
}

/**
 * A card of the network of a file, which is the document's unless another one was opened meanwhile.
 * @param {State} state
 * @param {Extract<Action, {type: "card given"}>} action
 * @returns {Partial<State>}
 */
function given({ cards, document, network }, { digest, card }) {
  const own = document.network.kind === "file" && document.network.digest === digest;
  const kept = { cards: { ...cards, [digest]: card } };
  return own ? { ...kept, network: sized(document, network.parts, network.alphabet, card) } : kept;
}

/**
 * @param {State} state
 * @param {Extract<Action, {type: "committed"}>} action
 * @returns {Partial<State>}
 */
function committed(state, { document, gesture, view, select }) {
  const taken = alike(state.document, document) ? { notice: null } : at(pushed(state.history, document, gesture));
  const patch = { ...taken, ...view };
  return select === undefined ? patch : { ...patch, ...selected({ ...state, ...patch }, select) };
}

/**
 * Whether two documents compute and show the same.
 * @param {GruDocument} a
 * @param {GruDocument} b
 */
function alike(a, b) {
  return diff(a, b).length === 0 && samePanels(panelsOf(a), panelsOf(b)) && JSON.stringify(a.target) === JSON.stringify(b.target);
}

/**
 * @param {History} history
 * @returns {Partial<State>}
 */
function at(history) {
  return { history, document: presentOf(history), notice: null };
}

/**
 * The server refused a document: go back to the last one that it accepted. If none is known, go back one step at a time, and from the beginning to
 * an example; if the model file is gone, go to the example immediately. Redo or undo still reaches the refused document.
 * @param {State} state
 * @param {Extract<Action, {type: "taken back"}>} refused
 * @param {Config} config
 * @returns {Partial<State>}
 */
function takenBack({ document, history }, { before, message, field }, { examples }) {
  const lost = document.network.kind === "file" && /\bnetwork\.\w+$/.test(field ?? "");
  const earlier = before !== null ? atDocument(history, before) : lost ? history : moved(history, -1);
  const next = earlier === history ? pushed(history, alwaysThere(examples), null) : earlier;
  const advice = "The server no longer has this network’s file. Open the file again to go on where you were, or choose another network.";
  return { ...at(next), notice: { kind: "error", text: lost ? `${advice} (${message})` : message }, ...(lost && { lost: document }) };
}

/**
 * A document that every server can open, with or without a model file, whatever its gallery has.
 * @param {Config["examples"]} examples
 * @returns {GruDocument}
 */
function alwaysThere(examples) {
  return (examples.find(({ listing }) => listing.made === "untrained" || listing.made === "wired") ?? examples[0]).document;
}
