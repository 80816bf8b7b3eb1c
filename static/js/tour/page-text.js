/** The text of the tour's page: its title, paragraphs, equation and question. */

import { make, put } from "../lib/dom.js";
import { equationOf, proseNodes, wordNodes } from "../model/cell/equations.js";
import { tourNodes } from "./prose.js";
import { bringIntoView, panelOf } from "./sight.js";

/** @import {Page, View} from "../state/page.d.ts" */
/** @import {State, TourPage} from "../types.d.ts" */
/** @import {Leads} from "./prose.js" */
/** @import {TourActions} from "./tour.js" */

/**
 * `told`: the open page, null if the tour is closed.
 * @typedef {Pick<State, "model"> & {told: TourPage | null}} Inputs
 */

/**
 * @param {Page} page
 * @param {TourActions} tour
 * @param {Leads["explain"]} explain
 * @returns {View<Inputs>}
 */
export function createPageText(page, tour, explain) {
  const { byId } = page;
  const { tour: pages } = page.config;
  const root = byId("tour");

  /** @param {Inputs} inputs */
  function render({ told, model }) {
    if (told === null) return;
    root.dataset.task = told.task.kind;
    put(byId("tour-title"), "textContent", told.title);
    byId("tour-text").replaceChildren(...tourNodes(told.text, model, leadsOf(told, model)));
    const equation = told.equation && equationOf(model, told.equation);
    byId("tour-equation").replaceChildren(...(equation ? wordNodes(equation.words) : []));
    const { question } = told;
    put(byId("tour-question"), "hidden", question === null);
    byId("tour-ask").replaceChildren(...proseNodes(question?.ask ?? "", model));
    byId("tour-options").replaceChildren(...(question?.options ?? []).map(({ text }, i) => option(text, i)));
  }

  /**
   * @param {TourPage} told
   * @param {State["model"]} model
   * @returns {Leads}
   */
  function leadsOf(told, model) {
    return {
      point: tour.point,
      explain,
      go(name) {
        tour.go(name);
        bringIntoView(page, panelOf(name, told, model), () => true, tour.look);
      },
    };
  }

  return { root, inputs: (_, { tour: { open, page: index }, model }) => ({ told: open ? pages[index] : null, model }), render };
}

/**
 * @param {string} text
 * @param {number} index
 */
function option(text, index) {
  const label = make("label", "tour-option");
  label.append(Object.assign(make("input"), { type: "radio", name: "tour-option", value: String(index) }), make("span", "", text));
  return label;
}
