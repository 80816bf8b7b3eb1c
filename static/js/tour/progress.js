/** The reader's progress in the tour and edits on its pages, which are kept after the visit, within bounds. */

import { TOUR_KEY } from "../state/persistence.js";

/** @import {GruDocument, Tour, TourPage} from "../types.d.ts" */

/** The largest document of a page that is kept, in characters of JSON. */
const LARGEST = 64 * 1024;

/**
 * @typedef {object} Kept
 * @property {Tour} tour
 * @property {Record<string, GruDocument>} documents by page, if the reader changed them
 */

/**
 * @param {readonly TourPage[]} pages
 * @returns {Kept} the beginning, if the kept progress is invalid
 */
export function keptTour(pages) {
  const names = new Set(pages.map(({ name }) => name));
  const { page, done, answers, documents } = stored() ?? {};
  const found = pages.findIndex(({ name }) => name === page);
  return {
    tour: {
      open: false,
      begun: found >= 0,
      page: Math.max(0, found),
      done: Array.isArray(done) ? done.filter((name) => names.has(name)) : [],
      answers: chosen(answers, (name, value) => names.has(name) && Number.isInteger(value)),
      aimed: null,
    },
    documents: chosen(documents, (name, value) => names.has(name) && Boolean(value?.network && value.input && Array.isArray(value.edits))),
  };
}

/**
 * @param {readonly TourPage[]} pages
 * @param {Kept} now
 */
export function toKeep(pages, { tour, documents }) {
  // The server keeps snapshots of a training only for a while.
  const fitting = chosen(documents, (_, document) => document.network.kind !== "file" && JSON.stringify(document).length <= LARGEST);
  return { page: pages[tour.page].name, done: tour.done, answers: tour.answers, documents: fitting };
}

/** @returns {any} */
function stored() {
  try {
    return JSON.parse(localStorage.getItem(TOUR_KEY) ?? "null");
  } catch {
    return null;
  }
}

/**
 * @param {any} given
 * @param {(name: string, value: any) => boolean} fits
 */
function chosen(given, fits) {
  if (typeof given !== "object" || given === null) return {};
  return Object.fromEntries(Object.entries(given).filter(([name, value]) => fits(name, value)));
}
