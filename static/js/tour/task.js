/** The task of the tour's page, its result, and the buttons to other pages. */

import { make, put } from "../lib/dom.js";
import { proseNodes } from "../model/cell/equations.js";
import { cellOf, formOf, sameForm } from "../model/document.js";
import { isBusy } from "../model/training/training.js";
import { allow } from "../lib/controls/focus-restore.js";
import { confirmation, objection } from "./confirmation.js";
import { progressOf } from "./done.js";

/** @import {Page, View} from "../state/page.d.ts" */
/** @import {State, Tour, TourPage} from "../types.d.ts" */

const DONE = "✓";
const OPEN = "○";

/**
 * `told`: the open page, null if the tour is closed; `complete`: the newest complete run.
 * @typedef {Pick<State, "model" | "document" | "synced" | "training"> & Pick<Tour, "done" | "answers"> & {told: TourPage | null, complete: number | undefined}} Inputs
 */

/**
 * @param {Page} page
 * @returns {View<Inputs>}
 */
export function createTask({ config, store, byId }) {
  const { tour: pages } = config;

  /** @param {Inputs} inputs */
  function render({ told, document: doc, done, answers }) {
    if (told === null) return;
    showPlace(pages.indexOf(told));
    check(answers[told.name]);
    say(told, done.includes(told.name));
    put(byId("tour-again"), "hidden", doc === told.document);
  }

  /** @param {number} index */
  function showPlace(index) {
    const last = index === pages.length - 1;
    put(byId("tour-place"), "textContent", `${index + 1} / ${pages.length}`);
    put(byId("tour-onward"), "hidden", !last);
    allow(byId("tour-previous"), index > 0);
    put(byId("tour-next"), "textContent", last ? "Finish" : "Next");
    byId("tour-next").dataset.last = last ? "1" : "";
  }

  /** @param {number | undefined} answer */
  function check(answer) {
    byId("tour-options").querySelectorAll("input").forEach((input, i) => {
      input.checked = i === answer;
      input.disabled = answer === -1;
    });
  }

  /**
   * The task, or its result. It reads the whole state at that time, so a confirmation stays while the reader looks around.
   * @param {TourPage} page
   * @param {boolean} done
   */
  function say(page, done) {
    const state = store.get();
    const answer = state.tour.answers[page.name];
    const { acted, unmet, done: now } = progressOf(page, state);
    const objects = acted && unmet !== null && state.synced;
    const marked = done && !objects;
    const trains = page.task.kind === "train" && isBusy(state.training);
    put(byId("tour-mark"), "textContent", marked ? DONE : OPEN);
    byId("tour-mark").classList.toggle("done", marked);
    const line = make("span");
    if (page.question && answer === undefined) line.append("What do you think? Choose, then try it.");
    else if (now) line.append(...confirmation(page, state));
    else if (objects) line.append(...objection(unmet, state));
    else if (trains) line.append("The training runs. Its curves are below.");
    else line.append(...proseNodes(page.task.say, state.model), done ? " You have done this." : "");
    if (isStrange(page, state)) line.append(" (These are not the equations that this page describes.)");
    const said = byId("tour-say");
    // An unchanged text must not be announced again.
    if (said.textContent !== line.textContent) said.replaceChildren(line);
    put(byId("tour-show"), "textContent", page.task.kind === "train" ? "Start" : "Show me");
    put(byId("tour-show"), "hidden", now || trains);
  }

  return {
    root: byId("tour"),
    inputs: (_, { tour: { open, page: index, done, answers }, model, document, synced, trace, training }) =>
      ({ told: open ? pages[index] : null, done, answers, model, document, synced, training, complete: trace?.complete }),
    render,
  };
}

/**
 * Whether the document differs from the one that a page describes.
 * @param {TourPage} page
 * @param {Pick<State, "document">} state
 */
function isStrange({ document: told, task }, { document: doc }) {
  if (task.kind === "network" && doc.network.kind === "example" && doc.network.name === task.network) return false;
  return cellOf(told) !== cellOf(doc) || !sameForm(formOf(told), formOf(doc));
}
