/** The Train tab, absent where nothing can be trained. */

import { put } from "../../lib/dom.js";
import { createTrainForm } from "./train-form.js";
import { createTrainKeep } from "./train-keep.js";
import { createTrainLive } from "./train-live.js";
import { createTrainScrub } from "./train-scrub.js";

/** @import {Page, View} from "../../state/page.d.ts" */
/** @import {OpenDialog} from "../input/csv-dialog.js" */
/** @import {Transport} from "../../server/connection.js" */
/** @import {TrainingLink} from "../../server/training.js" */

/**
 * @param {Page} page
 * @param {TrainingLink} link
 * @param {Transport} server
 * @param {OpenDialog | undefined} openDialog undefined if there is no server to read files
 * @returns {View[]}
 */
export function createTrain(page, link, { keep, readTable }, openDialog) {
  const { config: { training: offered }, byId } = page;
  put(byId("tab-train"), "hidden", offered === null);
  if (offered === null) return [];
  return [createTrainForm(page, offered, link, readTable && openDialog && { readTable, openDialog }), createTrainLive(page, link), createTrainScrub(page), createTrainKeep(page, keep)];
}
