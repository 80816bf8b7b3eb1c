/** The snapshots of a training: a scrubber, playback, and a button that follows the newest one. */

import { allow } from "../../lib/controls/focus-restore.js";
import { press, put } from "../../lib/dom.js";
import { digestOf, follows, shows } from "../../model/training/shown.js";
import { indexOf } from "../../model/training/training.js";

/** @import {Page, View} from "../../state/page.d.ts" */
/** @import {GruDocument, Training} from "../../types.d.ts" */

/** Time that a snapshot is shown while they are played. */
const SHOWN_MS = 150;

/** @typedef {{training: Training, doc: GruDocument}} Inputs */

/**
 * @param {Page} page
 * @returns {View<Inputs>}
 */
export function createTrainScrub({ store, actions, byId, after }) {
  const scrub = byId("train-scrub", HTMLInputElement);
  const play = byId("train-play");
  const follow = byId("train-follow");

  scrub.addEventListener("input", () => actions.showSnapshot(Number(scrub.value)));
  follow.addEventListener("click", actions.followTraining);
  play.addEventListener("click", () => {
    const { training, document } = store.get();
    if (training.playing) {
      actions.setTraining({ playing: false });
      return;
    }
    const at = indexOf(training, digestOf(document));
    actions.showSnapshot(at < 0 || at >= training.snapshots.length - 1 ? 0 : at, { playing: true });
    after(turn, SHOWN_MS);
  });

  function turn() {
    const { training, document } = store.get();
    if (!training.playing) return;
    if (!shows(training, document)) actions.setTraining({ playing: false });
    else if (actions.playSnapshot()) after(turn, SHOWN_MS);
  }

  /** @param {Inputs} inputs */
  function render({ training, doc }) {
    const { snapshots, playing } = training;
    const at = indexOf(training, digestOf(doc));
    const shown = snapshots[at];
    put(scrub, "max", String(Math.max(0, snapshots.length - 1)));
    put(scrub, "value", String(at < 0 ? snapshots.length - 1 : at));
    put(scrub, "ariaValueText", shown ? `step ${shown.step}, snapshot ${at + 1} of ${snapshots.length}` : "another network is on show");
    put(byId("train-shown"), "textContent", shown ? `step ${shown.step}` : "–");
    press(follow, follows(training, doc) && at === snapshots.length - 1);
    for (const button of [play, follow]) allow(button, snapshots.length > 0);
    const label = playing ? "Pause the snapshots" : "Play the snapshots";
    if (play.getAttribute("aria-label") === label) return;
    play.setAttribute("aria-label", label);
    play.title = label;
    play.querySelector("use")?.setAttribute("href", playing ? "#icon-pause" : "#icon-play");
  }

  return { root: byId("train-live"), inputs: (_, { training, document: doc }) => ({ training, doc }), render };
}
