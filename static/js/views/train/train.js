/** The Train tab, absent where nothing can be trained. */

import { put } from "../../lib/dom.js";
import { createTrainForm } from "./train-form.js";
import { createTrainKeep } from "./train-keep.js";
import { createTrainLive } from "./train-live.js";
import { createTrainScrub } from "./train-scrub.js";

/** @import {Page, View} from "../../state/page.d.ts" */
/** @import {Transport} from "../../server/connection.js" */
/** @import {TrainingLink} from "../../server/training.js" */

/**
 * @param {Page} page
 * @param {TrainingLink} link
 * @param {Transport} server
 * @returns {View[]}
 */
export function createTrain(page, link, { keep, readTable }) {
  const { config: { training: offered }, byId } = page;
  put(byId("tab-train"), "hidden", offered === null);
  if (offered === null) return [];
  return [createTrainForm(page, offered, link, readTable), createTrainLive(page, link), createTrainScrub(page), createTrainKeep(page, keep)];
}
