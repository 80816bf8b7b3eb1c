/**
 * The whole network as a row of blocks, from the input to the answer. Each layer and direction is a button with a small heatmap of its states; the
 * chosen one is shown by the other panels. The embedding and the readout are buttons too: they show their weights. Absent for a single layer.
 */

import { fitCanvas } from "../../lib/canvas.js";
import { rove } from "../../lib/controls/roving-tabindex.js";
import { make, press, put } from "../../lib/dom.js";
import { sameLayer } from "../../model/cell/layers.js";
import { viewOf } from "../../model/document.js";
import { stepOfLayer } from "../../model/seq2seq/clock.js";
import { partOf } from "../../model/weights/ends.js";
import { isOn } from "../../model/edits/edits.js";
import { isStack, placeName } from "../../model/network.js";

/** @import {Page, View} from "../../state/page.d.ts" */
/** @import {Edit, End, InLayer, NetworkMap, NetworkPart, State, Tensor} from "../../types.d.ts" */

/** px of a block's picture */
const PICTURE = { width: 76, height: 26 };
const ARROWS = { forward: "→", reverse: "←" };
const HEADS = { identity: "linear", softmax: "softmax", sigmoid: "sigmoid" };
const MERGES = { concat: "", sum: "Σ", mean: "mean", product: "×" };

/** @typedef {Pick<State, "theme" | "map" | "part"> & {parts: NetworkPart, view: InLayer, edits: readonly Edit[], before: NetworkMap | null}} Inputs */

/**
 * @param {Page} page
 * @returns {View<Inputs>}
 */
export function createNetworkMap({ store, actions, byId, drawRaster }) {
  const root = byId("network-map");
  const settle = rove(root);
  /** @type {NetworkPart | null} */
  let built = null;
  /** @type {{place: InLayer, button: HTMLButtonElement, canvas: HTMLCanvasElement}[]} */
  let blocks = [];
  /** @type {{part: End, button: HTMLButtonElement}[]} */
  let ends = [];

  root.addEventListener("click", (event) => {
    const button = /** @type {HTMLElement} */ (event.target).closest("button");
    const block = blocks.find((other) => other.button === button);
    const end = ends.find((other) => other.button === button);
    const { part, document } = store.get();
    if (end) actions.showPart(end.part);
    else if (block && !sameLayer(block.place, viewOf(document))) show(block.place);
    else if (block && part !== "layer") actions.showPart("layer");
  });

  /**
   * Show a layer, that of an encoder or a decoder at a step at which it acts.
   * @param {InLayer} place
   */
  function show(place) {
    const { document, network: { parts }, selection } = store.get();
    const t = stepOfLayer({ ...document, view: place }, parts, selection.t);
    if (t !== selection.t) actions.select({ t });
    if (!sameLayer(place, viewOf(store.get().document))) actions.showLayer(place);
  }

  /** @param {NetworkPart} parts */
  function build(parts) {
    built = parts;
    blocks = [];
    ends = [];
    root.replaceChildren(...row(parts));
    settle();
  }

  /** @param {NetworkPart} parts */
  function row(parts) {
    const inputs = parts.input_size;
    /** @type {HTMLElement[]} */
    const found = [end("x", parts.vocabulary === null ? `${inputs}` : "tokens", "the input")];
    if (parts.vocabulary !== null) found.push(arrow(), endButton("embedding", "embed", `${parts.vocabulary} × ${inputs}`, `an embedding of ${parts.vocabulary} tokens`));
    parts.layers.forEach(({ before }, layer) => {
      if (before.length > 0) found.push(arrow(), end("map", before.join(", "), `a fixed map before layer ${layer + 1}: ${before.join(", then ")}`));
      found.push(arrow(), column(parts, layer));
    });
    if (parts.readout !== null) {
      const { output_size: outputs, head } = parts.readout;
      const note = parts.guessed.includes("readout") ? " (a guess)" : "";
      found.push(arrow(), endButton("readout", "readout", HEADS[head], `a readout to ${outputs} outputs, ${HEADS[head]}${note}`), arrow(), end("ŷ", String(outputs), "the answer"));
    }
    return found;
  }

  /**
   * @param {End} part
   * @param {string} name
   * @param {string} size
   * @param {string} words
   */
  function endButton(part, name, size, words) {
    const button = filled(make("button", "map-end"), name, size);
    Object.assign(button, { type: "button", title: `${words}; show its weights` });
    button.dataset.part = part;
    button.setAttribute("aria-label", `Show the ${part}’s weights`);
    ends.push({ part, button });
    return button;
  }

  /**
   * One layer: its directions above each other.
   * @param {NetworkPart} parts
   * @param {number} layer
   */
  function column(parts, layer) {
    const { cell, hidden_size: units, directions, merge } = parts.layers[layer];
    const title = make("span", "map-title");
    const stage = parts.decoder === null ? "" : layer < parts.decoder.first ? "encoder " : "decoder ";
    title.textContent = `${stage}${cell.toUpperCase()} ${units}${directions.length > 1 && merge !== "concat" ? ` ${MERGES[merge]}` : ""}`;
    const stack = make("div", "map-stack");
    for (const direction of directions) {
      const canvas = make("canvas");
      const button = make("button", "map-block");
      button.type = "button";
      button.dataset.place = `${layer}.${direction}`;
      const name = placeName(parts, { layer, direction }) || "layer 1";
      button.title = `${name}, reads ${direction === "forward" ? "forward" : "from the end to the beginning"}; show it`;
      button.setAttribute("aria-label", `Show ${name}`);
      const way = make("span", "map-way");
      way.textContent = ARROWS[direction];
      way.ariaHidden = "true";
      button.append(canvas, way);
      stack.append(button);
      blocks.push({ place: { layer, direction }, button, canvas });
    }
    const whole = make("div", "map-layer");
    whole.append(title, stack);
    return whole;
  }

  /** @param {Inputs} inputs */
  function render({ parts, part, view, map, theme, edits, before }) {
    put(root, "hidden", !isStack(parts));
    if (root.hidden) return;
    if (JSON.stringify(parts) !== JSON.stringify(built)) build(parts);
    if (map !== null) root.dataset.painted = String(map.run);
    for (const { part: end, button } of ends) {
      press(button, end === part);
      button.classList.toggle("edited", edits.some((edit) => isOn(edit) && partOf(edit) === end));
    }
    for (const { place, button, canvas } of blocks) {
      press(button, sameLayer(place, view));
      button.classList.toggle("edited", edits.some((edit) => isOn(edit) && sameLayer(edit, place)));
      const name = `${place.layer}.${place.direction}`;
      draw(canvas, map?.blocks[name], before?.blocks[name], theme);
    }
  }

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {Tensor | undefined} now
   * @param {Tensor | undefined} before those to subtract, if a difference is shown
   * @param {State["theme"]} theme
   */
  function draw(canvas, now, before, theme) {
    const context = fitCanvas(canvas, PICTURE.width, PICTURE.height);
    if (now === undefined) return;
    const [steps, units] = now.shape;
    const comparable = before?.shape.join() === now.shape.join();
    const data = before && comparable ? now.data.map((value, i) => value - before.data[i]) : now.data;
    const most = Math.max(before && comparable ? 1e-6 : 1, data.reduce((largest, value) => (Math.abs(value) > largest ? Math.abs(value) : largest), 0));
    const matrix = { data, offset: 0, rows: units, columns: steps, rowStride: 1, columnStride: units };
    drawRaster(context, matrix, { map: before ? "differences" : "states", theme, low: -most, high: most }, { left: 0, top: 0, ...PICTURE });
  }

  return {
    root,
    inputs: (_, { document, network, part, map, theme, compare, baseline }) => ({
      parts: network.parts, part, view: viewOf(document), theme, edits: document.edits,
      map: compare === "before" ? baseline?.map ?? null : map,
      before: compare === "difference" ? baseline?.map ?? null : null,
    }),
    render,
  };
}

function arrow() {
  const found = make("span", "map-arrow");
  found.textContent = "→";
  found.ariaHidden = "true";
  return found;
}

/**
 * A block without states.
 * @param {string} name
 * @param {string} size
 * @param {string} words
 */
function end(name, size, words) {
  const found = filled(make("div", "map-end"), name, size);
  found.title = words;
  return found;
}

/**
 * @template {HTMLElement} E
 * @param {E} root
 * @param {string} name
 * @param {string} size
 */
function filled(root, name, size) {
  root.append(make("span", "map-title", name), make("span", "map-size", size));
  return root;
}
