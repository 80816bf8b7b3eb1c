/** All views of the page, in drawing order. */

import { createCell } from "./cell/cell.js";
import { createDiagram } from "./cell/diagram/diagram.js";
import { createFormChoice } from "./cell/form-choice.js";
import { createFormPanel } from "./cell/form-panel.js";
import { createStages } from "./cell/stages.js";
import { createComparePanel, createNumberCompare } from "./compare/compare-panel.js";
import { createEditsPanel } from "./edits/edits-panel.js";
import { createHoldPanel } from "./edits/hold-panel.js";
import { createBarsInput } from "./input/bars-input.js";
import { createCsvInput } from "./input/csv-input.js";
import { createInputPanel } from "./input/input-panel.js";
import { createStrip } from "./input/strip.js";
import { createTextInput } from "./input/text-input.js";
import { createTokensInput } from "./input/tokens-input.js";
import { createNetworkMap } from "./map/network-map.js";
import { createNumber } from "./number/panel.js";
import { createOutputNumber } from "./output/output-number.js";
import { createOutput } from "./output/output.js";
import { createPickerButton } from "./picker/picker-button.js";
import { createPicker } from "./picker/picker.js";
import { createHoldMarks } from "./plots/hold-marks.js";
import { createLegend } from "./plots/legend.js";
import { createMarkedLines, createOverlay, createProgress } from "./plots/overlay.js";
import { createPlotGrid } from "./plots/plot-grid.js";
import { createPlotTools } from "./plots/plot-tools.js";
import { createPlots } from "./plots/plots.js";
import { createSaveMenu } from "./plots/save-menu.js";
import { createValueTables } from "./plots/value-tables.js";
import { createDock } from "./shell/dock.js";
import { createHeader } from "./shell/header.js";
import { listenToKeys } from "./shell/keys.js";
import { createNotice } from "./shell/notice.js";
import { createOpenFile } from "./shell/open-file.js";
import { createTransport } from "./shell/playback.js";
import { createPointing } from "./shell/pointing.js";
import { createPresenter, createPresenterControls } from "./shell/present.js";
import { createRoot } from "./shell/root.js";
import { createStory } from "./shell/story.js";
import { createTrain } from "./train/train.js";
import { createUnits } from "./units/units.js";
import { createWritePanel } from "./write/write-panel.js";
import { createWritten } from "./write/written.js";
import { createWeightRamp } from "./weights/ramp.js";
import { createArrayMenu } from "./weights/array-menu.js";
import { createWeightEditor } from "./weights/weight-editor.js";
import { createWeights } from "./weights/weights.js";

/** @import {Transport} from "../server/connection.js" */
/** @import {TrainingLink} from "../server/training.js" */
/** @import {Page, View} from "../state/page.d.ts" */

/**
 * @param {Page} page
 * @param {{pin: () => void, unpin: () => void}} baseline
 * @param {Transport} server
 * @param {TrainingLink} training
 */
export function createViews(page, baseline, server, training) {
  const stages = createStages(page);
  const transport = createTransport(page, stages);
  const editor = createWeightEditor(page, (name) => weights.focus(name), (...edge) => weights.leave(...edge));
  const weights = createWeights(page, editor.gridActions);
  listenToKeys(page, transport.moves);
  createSaveMenu(page);
  const csv = createCsvInput(page, server.readTable);
  createOpenFile(page, server, csv.takeFile);
  const picker = createPicker(page); // after the file's button is shown or hidden

  /** @type {View[]} the input, the plots over time, the map and the answer */
  const first = [
    createRoot(page),
    createPresenter(page),
    createPresenterControls(page),
    createInputPanel(page),
    ...createTextInput(page),
    createBarsInput(page),
    createTokensInput(page),
    csv.view,
    createStrip(page),
    createWritten(page),
    createNetworkMap(page),
    createOutput(page),
    createPlots(page),
    createPlotGrid(page),
    createOverlay(page),
    createMarkedLines(page),
    createProgress(page),
    createHoldMarks(page),
    transport.view,
  ];
  /** @type {View[]} */
  const rest = [
    createWritePanel(page),
    createLegend(page),
    createPlotTools(page),
    createHeader(page),
    createPickerButton(page),
    picker,
    createOutputNumber(page),
    createFormChoice(page),
    createStory(page),
    createFormPanel(page),
    createValueTables(page),
    stages.view,
    createCell(page),
    createDiagram(page),
    createUnits(page),
    createDock(page),
    weights.view,
    createWeightRamp(page),
    editor.view,
    createArrayMenu(page),
    ...createNumber(page),
    createHoldPanel(page),
    createEditsPanel(page),
    ...createTrain(page, training, server, csv.openDialog),
    createComparePanel(page, baseline),
    createNumberCompare(page),
    createPointing(page),
    createNotice(page),
  ];
  return { first, rest, tick: transport.tick };
}
