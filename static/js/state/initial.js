/** The initial state of a page. */

import { inputLength, viewOf } from "../model/document.js";
import { NO_ENDS } from "../model/weights/ends.js";
import { historyOf } from "../model/history.js";
import { networkOf } from "../model/network.js";
import { NO_TRAINING } from "../model/training/training.js";
import { clampZoom } from "../model/timeline.js";
import { DEFAULT_OPTIONS } from "../model/writing.js";

/** @import {Config, GruDocument, State, TimeWindow, Tour} from "../types.d.ts" */

/** A narrow page opens with fewer columns, so that they are wide enough to type in. */
const NARROW = { width: 600, columns: 20 };

/**
 * @param {Config} config
 * @param {GruDocument} document
 * @param {object} options
 * @param {Tour} options.tour
 * @param {State["theme"]} options.theme
 * @param {number} options.width px of the page
 * @returns {State}
 */
export function initialState(config, document, { tour, theme, width }) {
  const { look } = firstExample(config);
  return {
    document,
    history: historyOf(document),
    network: networkOf(config, document),
    cards: {},
    model: null,
    changed: [],
    original: {},
    weights: {},
    part: "layer",
    ends: NO_ENDS,
    looks: {},
    trace: null,
    answer: null,
    right: null,
    map: null,
    explained: null,
    output: null,
    explainedOutput: null,
    step: null,
    selection: { ...viewOf(document), ...look },
    preview: null,
    pinned: true,
    stage: null,
    trail: [],
    leaf: null,
    baseline: null,
    compare: "now",
    side: "weights",
    lens: false,
    holdScope: "step",
    presenting: false,
    tour,
    cell: { array: "", column: 0 },
    channel: 0,
    barRange: null,
    zoom: zoomAround(look.t, inputLength(document.input), width),
    view: "heatmap",
    numbers: false,
    inside: "diagram",
    ablation: null,
    unitOrder: "unit",
    termOrder: "size",
    playing: false,
    speed: 5,
    synced: false,
    connection: "connecting",
    theme,
    notice: null,
    lost: null,
    training: NO_TRAINING,
    writing: null,
    writeOptions: DEFAULT_OPTIONS,
  };
}

/** @param {Config} config */
export function firstExample(config) {
  return config.examples.find((example) => example.name === config.default) ?? config.examples[0];
}

/**
 * The columns to show of a new input.
 * @param {number} t the step to show
 * @param {number} steps
 * @param {number} width px of the page
 * @returns {TimeWindow | null}
 */
export function zoomAround(t, steps, width) {
  const from = t - Math.floor(NARROW.columns / 2);
  return width < NARROW.width ? clampZoom({ from, to: from + NARROW.columns }, steps) : null;
}
