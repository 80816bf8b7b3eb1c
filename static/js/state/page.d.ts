/** The services that a mounted page shares with its views. */

import type { DrawRaster } from "../lib/canvas.js";
import type { Colours } from "../lib/colour.js";
import type { ById } from "../lib/elements.js";
import type { Lifetime } from "../lib/lifetime.js";
import type { Size } from "../lib/size.js";
import type { Timelines } from "../model/timeline.js";
import type { Config, Seen, State } from "../types.d.ts";
import type { Actions } from "./actions.js";
import type { Store } from "./store.js";

export interface Page extends Colours, Timelines, Pick<Lifetime, "signal" | "listen" | "after" | "cancel"> {
  root: HTMLElement;
  config: Config;
  store: Store;
  actions: Actions;
  byId: ById;
  /** An element's inner size in CSS px. */
  sizeOf: (element: Element) => Size;
  /** The factor by which type on canvases is enlarged. */
  typeScale: () => number;
  drawRaster: DrawRaster;
  /** The largest weight in the range of the weights' colours. */
  weightScale: (state: Pick<State, "original">) => number;
  /** The state as views show it now. */
  seen: (state?: State) => Seen;
  /** Replaces the style rules of this page. */
  rules: () => (rules: string) => void;
  /** Draw in the next frame. */
  invalidate: () => void;
}

/**
 * A part of the page. The scheduler compares each field of `inputs` with the value drawn last, and calls `render` only if one differs.
 * `seen` is the state as views show it, with the compared run and the place under the pointer; `state` is the page's own.
 */
export interface View<Inputs extends object = any> {
  root: HTMLElement;
  inputs: (seen: Seen, state: State) => Inputs;
  render: (inputs: Inputs, root: HTMLElement) => void;
}
