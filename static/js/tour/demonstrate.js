/** Does a page's task for the reader, with the same actions as the controls. */

import { specFor } from "../model/training/form.js";

/** @import {Page} from "../state/page.d.ts" */
/** @import {TrainingLink} from "../server/training.js" */
/** @import {TourTask} from "../types.d.ts" */

/**
 * @param {TourTask} task
 * @param {Page} page
 * @param {Pick<TrainingLink, "start">} training
 */
export function demonstrate(task, { config, store, actions }, training) {
  const { document: { input }, selection } = store.get();
  switch (task.kind) {
    case "select":
      return actions.select({ t: task.t });
    case "type":
      return actions.splice(input.kind === "text" ? input.text.length : 0, 0, task.insert);
    case "hold":
      actions.select({ quantity: task.quantity, unit: task.unit, t: task.t ?? selection.t });
      return actions.hold(store.get().selection, task.value, task.t === undefined);
    case "weight": {
      const { array, row, column, value } = task;
      actions.chooseCell({ array, row, column });
      return actions.editWeights({ op: "set", array, row, column, value });
    }
    case "network":
      return actions.openExample(task.network);
    case "train": {
      const offered = config.training?.tasks.find(({ name }) => name === task.task);
      return offered && training.start(specFor(offered));
    }
  }
}
