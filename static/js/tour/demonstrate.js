/** Does a page's task for the reader, with the same actions as the controls. */

/** @import {Page} from "../state/page.d.ts" */
/** @import {TourTask} from "../types.d.ts" */

/** Milliseconds for each part of a step, enough to read its sentence. */
const STAGE_MS = 1400;

/**
 * @param {TourTask} task
 * @param {Page} page
 */
export function demonstrate(task, page) {
  const { store, actions } = page;
  switch (task.kind) {
    case "select": {
      const { t, unit, quantity } = task;
      return actions.select({ ...(t !== undefined && { t }), ...(unit !== undefined && { unit }), ...(quantity && { quantity }) });
    }
    case "stage":
      return showStages(page);
    case "type":
      return actions.splice(task.t, 0, task.insert);
    case "hold":
      actions.select({ quantity: task.quantity, unit: task.unit, t: task.t ?? store.get().selection.t });
      return actions.hold(store.get().selection, task.value, task.t === undefined);
    case "weight":
      actions.chooseCell({ array: task.arrays[0], row: task.row, column: task.column ?? 0 });
      return actions.editWeights({ op: "set", array: task.arrays[0], row: task.row, ...(task.column !== undefined && { column: task.column }), value: task.value });
    case "cell":
      return actions.changeCell(task.cell);
  }
}

/**
 * Go through the parts of the step, until the reader takes over.
 * @param {Page} page
 */
function showStages({ store, actions, after }) {
  const { document: shown } = store.get();
  /** @param {number} stage */
  function show(stage) {
    const { model, document, stage: now, tour } = store.get();
    const taken = stage > 0 && (now !== stage - 1 || document !== shown || !tour.open);
    if (model === null || taken || stage >= model.stages.length) return;
    actions.stage(stage);
    after(() => show(stage + 1), STAGE_MS);
  }
  show(0);
}
