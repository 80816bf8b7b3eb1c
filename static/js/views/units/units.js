/** The network's score without each unit of the layer on show: a bar a unit, a line for the whole network and one for chance. A bar selects its unit. */

import { rove } from "../../lib/controls/roving-tabindex.js";
import { allow } from "../../lib/controls/focus-restore.js";
import { make, press, put } from "../../lib/dom.js";
import { viewOf } from "../../model/document.js";
import { placeName } from "../../model/network.js";
import { barsOf, isStale, taskOf, topOf } from "../../model/units/ablation.js";
import { barWords, isMeasuredEdited, saidOf, scoreText } from "../../model/units/words.js";

/** @import {Page, View} from "../../state/page.d.ts" */
/** @import {Ablation, Scored, State} from "../../types.d.ts" */
/** @import {Bar} from "../../model/units/ablation.js" */

/** With more units than this, the bars have no numbers above them. */
const FEW = 24;
/** With more, only every eighth has its number below. */
const MANY = 48;
const EVERY = 8;

/** @typedef {Pick<State, "ablation" | "document" | "network" | "inside" | "unitOrder"> & {unit: number | null}} Inputs */

/**
 * @param {Page} page
 * @returns {View<Inputs>}
 */
export function createUnits({ config, store, actions, byId }) {
  const root = byId("units");
  const list = byId("units-bars");
  const settle = rove(list);
  const measure = byId("units-measure");

  measure.addEventListener("click", () => {
    if (isRunning(store.get().ablation)) actions.stopMeasuring();
    else actions.measureUnits();
  });
  for (const unitOrder of /** @type {const} */ (["unit", "effect"])) {
    byId(`units-by-${unitOrder}`).addEventListener("click", () => actions.show({ unitOrder }));
  }
  list.addEventListener("click", ({ target }) => {
    const button = target instanceof Element && target.closest("button");
    if (button) actions.select({ unit: Number(button.dataset.unit) });
  });

  /** @param {Inputs} inputs */
  function render({ ablation, document, network, inside, unitOrder, unit }) {
    const task = taskOf(config, network.card);
    put(byId("cell-units"), "hidden", task === null);
    if (inside !== "units") return;
    if (task === null) return put(byId("units-said"), "textContent", "This network’s card names no task that it could be scored on.");
    const stale = ablation !== null && isStale(ablation, document);
    const bars = barsOf(ablation, viewOf(document), network.hiddenSize, unitOrder);
    root.classList.toggle("stale", stale);
    put(byId("units-said"), "textContent", saidOf(ablation, stale, task, bars));
    put(measure, "textContent", isRunning(ablation) ? "Stop" : ablation === null ? "Measure" : "Measure again");
    for (const order of ["unit", "effect"]) press(byId(`units-by-${order}`), order === unitOrder);
    allow(byId("units-by-effect"), ablation?.whole != null);
    drawProgress(ablation);
    drawLines(ablation);
    drawBars(ablation, bars, unit);
    const place = placeName(network.parts, viewOf(document));
    list.setAttribute("aria-label", `Score without each unit${place ? ` of ${place}` : ""}`);
  }

  /** @param {Ablation | null} ablation */
  function drawProgress(ablation) {
    const progress = byId("units-progress", HTMLProgressElement);
    put(progress, "hidden", !isRunning(ablation));
    put(progress, "max", ablation?.whole?.units ?? 1);
    put(progress, "value", ablation?.measured ?? 0);
  }

  /** @param {Ablation | null} ablation */
  function drawLines(ablation) {
    const whole = ablation?.whole ?? null;
    const top = topOf(ablation);
    const values = { whole: whole?.score, chance: whole?.chance };
    for (const name of /** @type {const} */ (["whole", "chance"])) {
      const line = byId(`units-${name}`);
      const value = values[name];
      put(line, "hidden", value === undefined);
      if (whole === null || value === undefined) continue;
      line.style.setProperty("--at", String(value / top));
      line.classList.toggle("lower", (name === "whole") === whole.score < whole.chance);
      put(/** @type {Element} */ (line.firstElementChild), "textContent", `${name === "whole" ? (ablation !== null && isMeasuredEdited(ablation) ? "with your edits" : "every unit") : "chance"} ${scoreText(whole, value)}`);
    }
    put(byId("units-top"), "textContent", whole === null ? "" : whole.metric === "accuracy" ? "100\u00a0%" : scoreText(whole, top));
  }

  /**
   * @param {Ablation | null} ablation
   * @param {readonly Bar[]} bars
   * @param {number | null} selected
   */
  function drawBars(ablation, bars, selected) {
    const whole = ablation?.whole ?? null;
    if (list.children.length !== bars.length) list.replaceChildren(...bars.map(makeBar));
    list.classList.toggle("few", bars.length <= FEW);
    const top = topOf(ablation);
    bars.forEach((bar, i) => {
      const button = /** @type {HTMLButtonElement} */ (list.children[i].firstElementChild);
      drawBar(button, bar, whole, top);
      if (bar.unit === selected) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
      button.classList.toggle("named", bars.length <= MANY || bar.unit % EVERY === 0);
    });
    settle();
  }

  return {
    root,
    inputs: ({ marked, selection }, { ablation, document, network, inside, unitOrder }) =>
      ({ ablation, document, network, inside, unitOrder, unit: marked ? selection.unit : null }),
    render,
  };
}

/** @param {Ablation | null} ablation */
function isRunning(ablation) {
  return ablation?.status === "asked" || ablation?.status === "running";
}

function makeBar() {
  const item = make("li");
  const button = make("button");
  button.type = "button";
  button.append(make("span", "unit-score"), make("span", "unit-bar"), make("span", "unit-name"));
  item.append(button);
  return item;
}

/**
 * @param {HTMLButtonElement} button
 * @param {Bar} bar
 * @param {Scored | null} whole
 * @param {number} top
 */
function drawBar(button, bar, whole, top) {
  const [score, , name] = button.children;
  const words = barWords(whole, bar);
  button.dataset.unit = String(bar.unit);
  put(button, "title", words);
  put(button, "ariaLabel", words);
  button.classList.toggle("measured", bar.score !== null);
  button.style.setProperty("--at", String((bar.score ?? 0) / top));
  put(score, "textContent", bar.score === null || whole === null ? "" : scoreText(whole, bar.score).replace(/\s%/, ""));
  put(name, "textContent", String(bar.unit));
}
