/** Keeps the network on show as one of the page's own, with the edits of its weights, and downloads it. */

import { make } from "../../lib/dom.js";
import { allow } from "../../lib/controls/focus-restore.js";
import { isOfWeights, isOn } from "../../model/edits/edits.js";
import { digestOf, shows } from "../../model/training/shown.js";
import { indexOf } from "../../model/training/training.js";

/** @import {Page, View} from "../../state/page.d.ts" */
/** @import {Keep} from "../../server/upload.js" */
/** @import {Example, GruDocument, Training} from "../../types.d.ts" */

/** @typedef {{training: Training, doc: GruDocument}} Inputs */

/**
 * @param {Page} page
 * @param {Keep | undefined} keep undefined if there is no server that keeps networks
 * @returns {View<Inputs>}
 */
export function createTrainKeep({ store, actions, byId }, keep) {
  const button = byId("train-keep");
  button.addEventListener("click", () => void take());

  async function take() {
    const { training, document: doc } = store.get();
    const digest = digestOf(doc);
    if (keep === undefined || digest === null) return;
    const edits = doc.edits.filter((edit) => isOfWeights(edit) && isOn(edit));
    const found = await keep(digest, { title: titleOf(training, digest, edits.length), edits });
    if ("fault" in found) {
      actions.notify({ kind: "error", text: found.fault });
      return;
    }
    const { example } = found;
    actions.keepNetwork(example);
    download(example);
    const changed = edits.length > 0 ? ` Your ${edits.length === 1 ? "edit is" : `${edits.length} edits are`} part of its weights.` : "";
    actions.notify({ kind: "info", text: `${example.title} is kept as a file, and in the list of networks.${changed} Open it with: gruscope FILE, or torch’s load_state_dict.` });
  }

  return {
    root: button,
    inputs: (_, { training, document: doc }) => ({ training, doc }),
    render: ({ training, doc }) => allow(button, keep !== undefined && shows(training, doc)),
  };
}

/**
 * @param {Training} training
 * @param {string} digest
 * @param {number} edits
 */
function titleOf(training, digest, edits) {
  const step = training.snapshots[indexOf(training, digest)]?.step ?? training.step;
  return `${training.ready?.title ?? "Network"}, step ${step}${edits > 0 ? ", edited" : ""}`;
}

/** @param {Example} example of a file's network */
function download({ document: { network } }) {
  const digest = network.kind === "file" ? network.digest : null;
  const link = Object.assign(make("a"), { href: `/api/networks/${digest}`, download: "" });
  link.click();
}
