/** The training as it runs: its buttons, how far it is, and its curves. */

import { allow } from "../../lib/controls/focus-restore.js";
import { put } from "../../lib/dom.js";
import { short } from "../../lib/format.js";
import { lossCurve, normCurve, scoreCurve, valueAt } from "../../model/training/curves.js";
import { digestOf, isEdited, originOf, shows } from "../../model/training/shown.js";
import { canResume, indexOf, isBusy } from "../../model/training/training.js";
import { duration, scoreWords, stateWords } from "../../model/training/words.js";
import { drawChart } from "./train-chart.js";
import { isTrainingOnShow } from "./on-show.js";
import { showsForm } from "./train-form.js";

/** @import {Size} from "../../lib/size.js" */
/** @import {Page, View} from "../../state/page.d.ts" */
/** @import {TrainingLink} from "../../server/training.js" */
/** @import {GruDocument, State, Training} from "../../types.d.ts" */
/** @import {Curve} from "../../model/training/curves.js" */

/** @typedef {{training: Training, doc: GruDocument, theme: State["theme"], shown: boolean, size: Size}} Inputs */

/**
 * @param {Page} page
 * @param {TrainingLink} link
 * @returns {View<Inputs>}
 */
export function createTrainLive({ config, store, actions, byId, sizeOf, cssColour }, link) {
  const root = byId("train-live");
  const pause = byId("train-pause");
  const one = byId("train-one");
  const bar = byId("train-progress", HTMLProgressElement);
  const charts = { loss: byId("train-loss", HTMLCanvasElement), metric: byId("train-metric", HTMLCanvasElement), norm: byId("train-norm", HTMLCanvasElement) };

  pause.addEventListener("click", () => {
    const { training } = store.get();
    if (isBusy(training)) link.pause();
    else if (training.status === "lost" && training.spec !== null) link.start(training.spec);
    else goOn(link.resume);
  });
  one.addEventListener("click", () => goOn(link.oneStep));
  byId("train-stop").addEventListener("click", link.stop);
  byId("train-new").addEventListener("click", () => actions.setTraining({ setup: true }));

  /**
   * Go on from what the page shows; edits of weights become part of the training, and holds stay with the page.
   * @param {(origin: import("../../types.d.ts").TrainingOrigin | null) => void} ask
   */
  function goOn(ask) {
    const { training, document } = store.get();
    const origin = originOf(training, document);
    actions.setTraining({ following: true, due: origin !== null, playing: false });
    ask(origin);
  }

  /** @param {Inputs} inputs */
  function render({ training, doc, theme, shown, size }) {
    put(root, "hidden", !shown);
    if (!shown) return;
    const busy = isBusy(training);
    const lost = training.status === "lost";
    put(pause, "textContent", busy ? "Pause" : lost ? "Train again" : "Resume");
    allow(pause, busy ? training.status !== "asked" : lost || canResume(training));
    allow(one, !busy && canResume(training));
    allow(byId("train-stop"), busy || training.status === "paused");
    showProgress(training);
    showNote(training, doc);
    showCharts(training, doc, size, theme);
  }

  /** @param {Training} training */
  function showProgress(training) {
    const { ready, spec, step, left, seconds, status } = training;
    const steps = Math.max(spec?.steps ?? 1, step);
    put(byId("train-title"), "textContent", ready === null ? "The training" : `${ready.title}, ${unitsOf(training)}`);
    put(byId("train-state"), "textContent", stateWords(training));
    put(bar, "max", steps);
    put(bar, "value", step);
    put(byId("train-steps-made"), "textContent", `step ${step} of ${steps}`);
    const time = status === "running" && left !== null ? `about ${duration(left)} left` : seconds > 0 ? `${duration(seconds)} of training` : "";
    put(byId("train-left"), "textContent", time);
  }

  /**
   * @param {Training} training
   * @param {GruDocument} doc
   */
  function showNote(training, doc) {
    const held = shows(training, doc) && doc.edits.some((edit) => !("array" in edit) && edit.off !== true);
    const edited = shows(training, doc) && isEdited(doc);
    const parts = [
      training.note,
      edited && !isBusy(training) ? "Resume makes your changed weights part of the training." : "",
      edited && training.status === "running" ? "Your change is in the snapshot on show, not in the training. Pause, change, and resume to train on from it." : "",
      held ? "What you hold stays held on the page. The training itself holds nothing, because a held value has no gradient." : "",
      training.ready !== null && !shows(training, doc) ? "The page shows another network. Press Newest to see the training." : "",
    ];
    put(byId("train-note"), "textContent", parts.filter((part) => part !== "").join(" "));
  }

  /**
   * @param {Training} training
   * @param {GruDocument} doc
   * @param {Size} size of each chart
   * @param {State["theme"]} theme
   */
  function showCharts(training, doc, size, theme) {
    const at = training.snapshots[indexOf(training, digestOf(doc))]?.step ?? null;
    const planned = isBusy(training) || training.status === "paused" ? training.spec?.steps ?? 1 : 1;
    const steps = Math.max(planned, training.step);
    const curves = { loss: lossCurve(training), metric: scoreCurve(training), norm: normCurve(training) };
    const words = { loss: amount, norm: amount, metric: (/** @type {number | null} */ value) => scoreWords(value, training.ready?.metric) };
    put(byId("train-metric-name"), "textContent", training.ready?.metric.name ?? "accuracy");
    for (const name of /** @type {(keyof typeof charts)[]} */ (["loss", "metric", "norm"])) {
      const value = valueAt(curves[name], at ?? training.step);
      put(byId(`train-${name}-now`), "textContent", words[name](value));
      charts[name].setAttribute("aria-label", spoken(name, curves[name], training, words[name]));
      drawChart(charts[name], size, { ...curves[name], steps, at }, lookOf(name, theme));
    }
  }

  /**
   * @param {keyof typeof charts} name
   * @param {State["theme"]} _ the colours depend on it
   */
  function lookOf(name, _) {
    const line = cssColour({ loss: "--accent", metric: "--output", norm: "--n" }[name]);
    return { line, quiet: cssColour("--quiet"), grid: cssColour("--line"), mark: cssColour("--line-strong"), font: `10px ${cssColour("--sans")}` };
  }

  return {
    root,
    inputs: (_, { training, document: doc, theme, side, tour }) =>
      ({ training, doc, theme, shown: isTrainingOnShow(config, { side, tour }) && !showsForm(training), size: sizeOf(charts.loss) }),
    render,
  };
}

/** @param {number | null} value */
function amount(value) {
  return value === null ? "–" : short(value, 3);
}

/** @param {Training} training */
function unitsOf({ spec }) {
  const layers = spec?.layers ?? 1;
  return `${layers > 1 ? `${layers} layers of ` : ""}${spec?.hidden_size} units`;
}

/**
 * A chart in words.
 * @param {"loss" | "metric" | "norm"} name
 * @param {Curve} curve
 * @param {Training} training
 * @param {(value: number | null) => string} words
 */
function spoken(name, { points, lines }, { ready }, words) {
  const what = { loss: "Loss", metric: ready?.metric.name === "error" ? "Error" : "Accuracy", norm: "Length of the gradient" }[name];
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return `${what}: nothing yet`;
  const compared = lines.map((line) => `; ${line.name} is ${words(line.value)}`).join("");
  return `${what}: ${words(first.value)} at step ${first.step}, ${words(last.value)} at step ${last.step}${compared}`;
}
