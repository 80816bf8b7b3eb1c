/** What the example is about, where to look, and how to begin anew. */

import { exampleOf, isAsTold } from "../../model/examples.js";
import { cellOf, diff } from "../../model/document.js";
import { put } from "../../lib/dom.js";
import { choiceOf } from "../cell/form-panel.js";
import { symbol } from "../../model/symbols.js";

/** @import {Page} from "../../state/page.d.ts" */
/** @import {Example, GruDocument, Look, State} from "../../types.d.ts" */

/**
 * @param {Page} page
 */
export function createStory(page) {
  const { config, store, actions, byId } = page;
  byId("story-again").addEventListener("click", () => {
    const found = exampleOf(config, store.get().document);
    if (found) actions.openExample(found.name);
  });
  byId("story-look").addEventListener("click", () => {
    const look = exampleOf(config, store.get().document)?.look;
    if (look) actions.select(look);
  });
  /** @type {GruDocument | null} */
  let shown = null;

  /** @param {State} state */
  function render({ document: doc }) {
    if (doc === shown) return;
    shown = doc;
    const found = exampleOf(config, doc);
    const told = found !== null && isAsTold(found, doc);
    byId("story-title").parentElement?.classList.toggle("brief", !told);
    put(byId("story-title"), "textContent", found?.title ?? "Your network");
    put(byId("story-text"), "textContent", found ? storyOf(found, doc) : ownStory(doc));
    put(byId("story-look"), "hidden", !told);
    put(byId("story-again"), "hidden", !found || isUntouched(doc, found.document));
    if (found) put(byId("story-look"), "textContent", lookText(found.look));
  }

  /**
   * A story tells of one cell in one form; of any other the page says no more than it knows.
   * @param {Example} example
   * @param {GruDocument} doc
   */
  function storyOf(example, doc) {
    if (isAsTold(example, doc)) return example.story;
    const { cell } = choiceOf(config, doc);
    return cellOf(example.document) === cell.name
      ? "The example’s input and weights, computed by other equations than its story tells of."
      : `The same input, read by ${named(cell.title)} whose weights are drawn at random.`;
  }

  /** @param {GruDocument} doc */
  function ownStory(doc) {
    if (doc.network.kind === "file") return "A layer of a file that the server was not started with.";
    const { title } = choiceOf(config, doc).cell;
    return `A random ${plain(title)} of your own making: its weights come from the seed, and every one of them can be changed.`;
  }

  return { render };
}

/** @param {string} title */
function named(title) {
  const name = plain(title);
  return `${/^[AEFHILMNORSX](?![a-z])/.test(name) ? "an" : "a"} ${name}`;
}

/**
 * A cell's title within a sentence: "simple RNN".
 * @param {string} title
 */
function plain(title) {
  return title.replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase());
}

/**
 * @param {GruDocument} doc with the example's own network
 * @param {GruDocument} example
 */
function isUntouched(doc, example) {
  return doc.edits.length === 0 && diff(example, doc).length === 0;
}

/** @param {Look} look */
function lookText({ quantity, t, unit }) {
  return `Look at ${symbol(quantity)} of unit ${unit} at t = ${t + 1}`;
}
