/** The form of a new training. Its fields keep what was typed; a fault is shown below the field that it is about. */

import { parseNumber } from "../../lib/format.js";
import { make, put } from "../../lib/dom.js";
import { isBusy } from "../../model/training/training.js";
import { createTrainData } from "./train-data.js";
import { faultOf, fieldOf, nameOf, specFor } from "../../model/training/form.js";

/** @import {Page, View} from "../../state/page.d.ts" */
/** @import {Reader} from "./train-data.js" */
/** @import {TrainingLink} from "../../server/training.js" */
/** @import {CellChoice, Training, TrainingConfig, TrainingFault, TrainingSpec, TrainingTask} from "../../types.d.ts" */

/** Fields with a number, by the name of their part of a spec. */
const NUMBERS = /** @type {const} */ (["hidden_size", "layers", "rate", "batch", "steps", "seed"]);
const SWITCHES = /** @type {const} */ (["both_directions", "until_solved"]);

/** @typedef {{shown: boolean, live: boolean, busy: boolean, fault: TrainingFault | null}} Inputs */

/**
 * @param {Page} page
 * @param {TrainingConfig} offered
 * @param {TrainingLink} link
 * @param {Reader | undefined} reader
 * @returns {View<Inputs>}
 */
export function createTrainForm(page, offered, link, reader) {
  const { config, actions, byId } = page;
  const form = byId("train-setup", HTMLFormElement);
  const tasks = byId("train-task", HTMLSelectElement);
  const cells = byId("train-cell", HTMLSelectElement);
  const forms = byId("train-form", HTMLSelectElement);
  const initial = byId("train-initial", HTMLSelectElement);
  const settings = byId("train-settings");
  const data = createTrainData(page, reader);
  const faultLine = byId("train-fault");
  const field = (/** @type {string} */ name) => byId(`train-${name}`, HTMLInputElement);
  /** The settings of the chosen task, by name. @type {Map<string, HTMLInputElement>} */
  let own = new Map();
  /** @type {HTMLElement | null} the field that is marked */
  let marked = null;

  tasks.append(...offered.tasks.map(({ name, title }) => new Option(title, name)));
  cells.append(...config.cells.map(({ name, title }) => new Option(title, name)));
  tasks.addEventListener("change", () => offer(chosenTask()));
  cells.addEventListener("change", offerForms);
  form.addEventListener("input", () => actions.setTraining({ fault: null }));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    start();
  });
  byId("train-cancel").addEventListener("click", () => actions.setTraining({ setup: false }));
  offer(chosenTask());

  function chosenTask() {
    return offered.tasks.find(({ name }) => name === tasks.value) ?? offered.tasks[0];
  }

  /** @returns {CellChoice} */
  function chosenCell() {
    return config.cells.find(({ name }) => name === cells.value) ?? config.cells[0];
  }

  /**
   * Fill the form with what works for a task.
   * @param {TrainingTask} task
   */
  function offer(task) {
    const spec = specFor(task);
    put(byId("train-about"), "textContent", aboutOf(task));
    data.offer(task);
    own = new Map(Object.entries(task.settings).map(([name, value]) => [name, settingField(name, spec.task.settings?.[name] ?? value)]));
    settings.replaceChildren(...[...own].map(([name, input]) => {
      const label = make("label", "train-field", nameOf(name));
      label.append(input);
      return label;
    }));
    cells.value = spec.cell ?? "gru";
    offerForms();
    initial.value = spec.initial ?? "uniform";
    for (const name of NUMBERS) field(name).value = String(spec[name]);
    for (const name of SWITCHES) field(name).checked = spec[name] === true;
    put(byId("train-both-field"), "hidden", !task.reads_back);
  }

  function offerForms() {
    forms.replaceChildren(...chosenCell().forms.map(({ name, title, note }) => Object.assign(new Option(title, name), { title: note })));
  }

  /** @returns {TrainingSpec} with NaN where a field has no number */
  function spec() {
    const chosen = chosenCell().forms.find(({ name }) => name === forms.value)?.form ?? {};
    const numbers = Object.fromEntries(NUMBERS.map((name) => [name, parseNumber(field(name).value)]));
    const switches = Object.fromEntries(SWITCHES.map((name) => [name, field(name).checked && field(name).checkVisibility()]));
    const typed = Object.fromEntries([...own].map(([name, input]) => [name, parseNumber(input.value)]));
    return /** @type {TrainingSpec} */ ({
      task: { name: tasks.value, settings: typed, ...data.given(chosenTask()) },
      cell: cells.value,
      ...(Object.keys(chosen).length > 0 && { form: chosen }),
      initial: initial.value,
      ...numbers,
      ...switches,
    });
  }

  function start() {
    const asked = spec();
    const fault = faultOf(asked, offered.limits);
    if (fault === null) link.start(asked);
    else actions.setTraining({ fault });
  }

  /**
   * The control that a fault is about, null if it is about none.
   * @param {TrainingFault} fault
   * @returns {HTMLElement | null}
   */
  function controlOf(fault) {
    const name = fieldOf(fault);
    const setting = [...own].find(([key]) => name === `task.settings.${key}`)?.[1];
    if (setting) return setting;
    if (name === "task.text") return byId("train-text", HTMLElement);
    if (name === "task.rows") return byId("train-file", HTMLElement);
    if (name.startsWith("task")) return tasks;
    const known = [...form.querySelectorAll("select, input")].find(({ id }) => id.startsWith(`train-${name.split(".")[0]}`));
    return /** @type {HTMLElement | null} */ (known ?? null);
  }

  /** @param {TrainingFault | null} fault */
  function showFault(fault) {
    marked?.removeAttribute("aria-invalid");
    marked?.removeAttribute("aria-describedby");
    marked = fault && controlOf(fault);
    put(faultLine, "hidden", fault === null);
    put(faultLine, "textContent", fault?.message ?? "");
    if (marked === null) {
      form.append(faultLine);
      return;
    }
    lastInRow(marked).after(faultLine);
    marked.setAttribute("aria-invalid", "true");
    marked.setAttribute("aria-describedby", faultLine.id);
    marked.focus();
  }

  /** @param {Inputs} inputs */
  function render({ shown, live, busy, fault }) {
    put(form, "hidden", !shown);
    put(byId("train-end"), "hidden", !live);
    put(byId("train-busy"), "hidden", !busy);
    showFault(shown ? fault : null);
  }

  return {
    root: form,
    inputs: (_, { training }) => ({ shown: showsForm(training), live: training.ready !== null, busy: isBusy(training), fault: training.fault }),
    render,
  };
}

/**
 * Whether the form takes the place of the training.
 * @param {Training} training
 */
export function showsForm({ setup, status, fault }) {
  return setup || status === "none" || fault !== null;
}

/**
 * The last field beside another, after which a line does not tear the row apart.
 * @param {HTMLElement} control
 */
function lastInRow(control) {
  const own = /** @type {HTMLElement} */ (control.closest(".train-field, .train-check, .train-end"));
  /** @type {HTMLElement} */
  let last = own;
  for (let next = own.nextElementSibling; next instanceof HTMLElement && (next.offsetTop === own.offsetTop || next.tagName === "BUTTON"); next = next.nextElementSibling) last = next;
  return last;
}

/** @param {TrainingTask} task */
function aboutOf({ about, metric, chance }) {
  if (chance === null) return about;
  const guess = metric === "accuracy" ? `Guessing is right in ${Math.round(100 * chance)} %.` : `Always the same answer has an error of ${chance.toPrecision(2)}.`;
  return `${about} ${guess}`;
}

/**
 * @param {string} name
 * @param {number} value
 */
function settingField(name, value) {
  return Object.assign(make("input"), { type: "number", min: "0", step: "1", inputMode: "numeric", value: String(value), name });
}
