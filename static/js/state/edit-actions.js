/** Actions on the list of edits: change weights, hold values, set start states, ablate units, switch and remove edits. */

import { addEdit, inputLength, viewOf } from "../model/document.js";
import { STATE, editsIn, isAblated, isOfWeights, withRelease, withScope, withSwitch } from "../model/edits/edits.js";
import { partOf } from "../model/weights/ends.js";
import { equationOf } from "../model/cell/equations.js";
import { editLayer, layerOf, sameLayer } from "../model/cell/layers.js";
import { short } from "../lib/format.js";
import { symbol } from "../model/cell/symbols.js";

/** @import {Cell, Edit, GruDocument, HoldScope, InLayer, Limits, Model, Part, Place, Quantity, State, ValueEdit, WeightEdit} from "../types.d.ts" */

/**
 * The range in which a value can be held: the bounds of its equation if it has any, otherwise the range of a weight.
 * @param {Model | null} model
 * @param {Quantity} quantity
 * @param {Pick<Limits, "weight">} limits
 * @returns {[number, number]}
 */
export function boundsOf(model, quantity, { weight }) {
  return equationOf(model, quantity)?.bounds ?? [-weight, weight];
}

/**
 * @param {() => State} get
 * @param {object} options
 * @param {(document: GruDocument, gesture?: string | null, also?: {view?: Partial<State>}) => boolean} options.commit
 * @param {(text: string) => false} options.refuse
 * @param {(part: Partial<Place>) => void} options.select
 * @param {(cell: Cell) => void} options.chooseCell
 * @param {(place: InLayer) => void} options.showLayer
 * @param {(part: Part) => void} options.showPart
 * @param {Limits} options.limits
 */
export function createEditActions(get, { commit, refuse, select, chooseCell, showLayer, showPart, limits }) {
  const edits = () => get().document.edits;
  /** The layer and direction on show, for a new edit. */
  const here = () => editLayer(viewOf(get().document));

  /**
   * @param {readonly Edit[]} list
   * @param {string | null} [gesture]
   */
  function put(list, gesture = null) {
    return commit({ ...get().document, edits: list }, gesture);
  }

  /**
   * @param {Extract<ValueEdit, {value: number}>} edit
   * @param {string | null} gesture
   */
  function setValue(edit, gesture) {
    const [low, high] = boundsOf(get().model, edit.quantity, limits);
    if (!Number.isFinite(edit.value) || edit.value < low || edit.value > high) {
      const name = `${symbol(edit.quantity)} of unit ${edit.unit}`;
      return refuse(`${name}: a value must be from ${short(low)} to ${short(high)}, got ${edit.value}.`);
    }
    return commit(addEdit(get().document, edit), gesture);
  }

  return {
    /**
     * @param {WeightEdit} edit
     * @param {string | null} [gesture]
     */
    editWeights(edit, gesture = null) {
      const value = "value" in edit ? edit.value : "factor" in edit ? edit.factor : 0;
      if (!Number.isFinite(value) || Math.abs(value) > limits.weight) {
        return refuse(`${edit.array}: a weight must be from −${limits.weight} to ${limits.weight}, got ${value}.`);
      }
      const { part } = get();
      return commit(addEdit(get().document, { ...edit, ...(part === "layer" ? here() : { part }) }), gesture);
    },

    /**
     * Hold a value at its timestep or throughout.
     * @param {Place} place
     * @param {number} value
     * @param {boolean} throughout
     * @param {string | null} [gesture]
     */
    hold({ quantity, unit, t, ...place }, value, throughout, gesture = null) {
      return setValue({ op: "clamp", ...editLayer(layerOf(place)), quantity, unit, ...(!throughout && { t }), value }, gesture);
    },

    /**
     * Choose what the next number holds: the selected step or every step. A hold that is in force on the selected value is converted.
     * @param {HoldScope} scope
     */
    chooseHoldScope(scope) {
      const { document: doc, selection } = get();
      return commit({ ...doc, edits: withScope(doc.edits, selection, scope) }, null, { view: { holdScope: scope } });
    },

    /**
     * Set a unit's state before the first step.
     * @param {Quantity} quantity
     * @param {number} unit
     * @param {number} value
     * @param {string | null} [gesture]
     */
    start(quantity, unit, value, gesture = null) {
      return setValue({ op: "start", ...here(), quantity, unit, value }, gesture);
    },

    /** @param {Place} place to release, so that its equation computes the value again */
    free: (place) => put(withRelease(edits(), place)),

    /**
     * Ablate a unit, or undo that.
     * @param {number} unit
     */
    ablate(unit) {
      const view = viewOf(get().document);
      if (!isAblated(editsIn(edits(), view), unit)) return commit(addEdit(get().document, { op: "ablate", ...here(), unit }));
      return put(edits().filter((edit) => edit.op !== "ablate" || edit.unit !== unit || edit.off || !sameLayer(edit, view)));
    },

    /**
     * @param {number} index
     * @param {boolean} on
     */
    switchEdit: (index, on) => put(withSwitch(edits(), index, on)),

    /** @param {number} index */
    removeEdit: (index) => put(edits().toSpliced(index, 1)),

    removeEdits: () => put([]),

    /**
     * Select the place that an edit changes.
     * @param {Edit} edit
     */
    goToEdit(edit) {
      const part = partOf(edit);
      if (part === "layer" && !sameLayer(edit, viewOf(get().document))) showLayer(layerOf(edit));
      if (isOfWeights(edit)) showPart(part);
      const unit = part === "layer" ? get().selection.unit : 0;
      if (isOfWeights(edit)) {
        const [row, column] = ["row" in edit ? edit.row ?? unit : unit, "column" in edit ? edit.column ?? 0 : 0];
        chooseCell({ array: edit.array, row, column });
      } else if (edit.op === "ablate") {
        select({ quantity: STATE, unit: edit.unit });
      } else {
        const { direction } = layerOf(edit);
        const first = direction === "reverse" ? inputLength(get().document.input) - 1 : 0;
        const t = edit.op === "start" ? first : edit.t;
        select({ quantity: edit.quantity, unit: edit.unit, ...(t != null && { t }) });
      }
    },
  };
}
