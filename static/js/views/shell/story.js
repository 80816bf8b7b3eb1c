/** The story of an example, where to look, and how to start over. The story is shown only with the example's own network. */

import { exampleOf, isAsTold, isOfCell, isOfForm, nextInput } from "../../model/examples/examples.js";
import { diff, viewOf, withView } from "../../model/document.js";
import { put } from "../../lib/dom.js";
import { digestOf, shows } from "../../model/training/shown.js";
import { choiceOf } from "../cell/form-panel.js";
import { symbol } from "../../model/cell/symbols.js";

/** @import {Page, View} from "../../state/page.d.ts" */
/** @import {Size} from "../../lib/size.js" */
/** @import {Example, GruDocument, Look, State, Training} from "../../types.d.ts" */

/** @typedef {Pick<State, "document" | "training"> & {size: Size}} Inputs */

/**
 * @param {Page} page
 * @returns {View<Inputs>}
 */
export function createStory(page) {
  const { config, store, actions, byId, sizeOf } = page;
  const more = byId("story-more");
  more.addEventListener("click", () => unfold(more.getAttribute("aria-expanded") === "false"));
  byId("story-again").addEventListener("click", () => {
    const found = exampleOf(config, store.get().document);
    if (found) actions.openExample(found.name);
  });
  byId("story-look").addEventListener("click", () => {
    const look = exampleOf(config, store.get().document)?.look;
    if (look) actions.select(look);
  });

  byId("story-input").addEventListener("click", () => {
    const { document: doc } = store.get();
    const input = nextInput(exampleOf(config, doc), doc);
    if (input !== null) actions.replaceInput(input);
  });

  /** @param {boolean} whole whether to show all of a text that is cut off in a short window */
  function unfold(whole) {
    byId("story").classList.toggle("whole", whole);
    more.setAttribute("aria-expanded", String(whole));
    put(more, "textContent", whole ? "Less" : "More");
  }

  /** Offer the rest of a text of which a short window shows only the beginning. */
  function offerMore() {
    const { scrollWidth, clientWidth, scrollHeight, clientHeight } = byId("story-text");
    const isWhole = byId("story").classList.contains("whole");
    put(more, "hidden", !isWhole && scrollWidth <= clientWidth && scrollHeight <= clientHeight + 1);
  }

  /** @param {Inputs} inputs */
  function render({ document: doc, training }) {
    const found = exampleOf(config, doc);
    const told = found !== null && isAsTold(found, doc);
    byId("story-title").parentElement?.classList.toggle("brief", !told);
    put(byId("story-title"), "textContent", found !== null ? titleOf(found, doc) : shows(training, doc) ? training.ready?.title ?? "" : "Your network");
    const text = found ? storyOf(found, doc) : shows(training, doc) ? snapshotStory(training, doc) : ownStory(doc);
    if (text !== byId("story-text").textContent) unfold(false);
    put(byId("story-text"), "textContent", text);
    put(byId("story-look"), "hidden", !told);
    put(byId("story-input"), "hidden", nextInput(found, doc) === null);
    put(byId("story-again"), "hidden", !found || isUntouched(doc, found.document));
    if (found) put(byId("story-look"), "textContent", lookText(found.look));
    offerMore();
  }

  /**
   * The example's title if the network is its own; otherwise a title for the network.
   * @param {Example} example
   * @param {GruDocument} doc
   */
  function titleOf(example, doc) {
    if (isAsTold(example, doc)) return example.title;
    if (!isOfCell(example, doc)) return `${choiceOf(config, doc).cell.title}, weights drawn at random`;
    return `${example.title} (${isOfForm(example, doc) ? "edited" : "in another form"})`;
  }

  /**
   * A story is about one cell in one form with its own weights. For any other network, say only what is certain.
   * @param {Example} example
   * @param {GruDocument} doc
   */
  function storyOf(example, doc) {
    // The story of a file describes only its layers and sizes, so it remains true when weights are edited.
    if (isAsTold(example, doc) || doc.network.kind === "file") return example.story;
    const { cell } = choiceOf(config, doc);
    if (!isOfCell(example, doc)) return `The same input, read by ${named(cell.title)} whose weights are drawn at random.`;
    return isOfForm(example, doc)
      ? "Some weights are not the example’s own, so its story may not hold here. Switch the edits off, or start over, to read it."
      : "The example’s input and weights, computed by other equations than its story is about.";
  }

  /** @param {GruDocument} doc */
  function ownStory(doc) {
    if (doc.network.kind === "file") return "The network of a file that the server was not started with.";
    const { title } = choiceOf(config, doc).cell;
    return `A random ${plain(title)} of your own making: its weights come from the seed, and every one of them can be changed.`;
  }

  return { root: byId("story"), inputs: (_, { document, training }) => ({ document, training, size: sizeOf(byId("story")) }), render };
}

/**
 * @param {Training} training
 * @param {GruDocument} doc
 */
function snapshotStory({ snapshots, ready }, doc) {
  const step = snapshots.find(({ digest }) => digest === digestOf(doc))?.step;
  const about = ready?.metric.name === "accuracy" ? "how often it is right" : "how far it is off";
  return step === undefined ? "A snapshot of a training." : `The network after ${step} steps of training. The tab Train shows ${about}.`;
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
  return doc.edits.length === 0 && diff(example, withView(doc, viewOf(example))).length === 0;
}

/** @param {Look} look */
function lookText({ quantity, t, unit }) {
  return `Look at ${symbol(quantity)} of unit ${unit} at t = ${t + 1}`;
}
