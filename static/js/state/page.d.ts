/** What one mounted page shares with its views. */

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
  /** The factor that type on canvases is enlarged by. */
  typeScale: () => number;
  drawRaster: DrawRaster;
  /** The largest weight that the weights' colours span. */
  weightScale: (state: Pick<State, "original">) => number;
  /** The state as it is looked at now. */
  seen: (state?: State) => Seen;
  /** Style rules of this page alone, which may change. */
  rules: () => (rules: string) => void;
  /** Draw in the next frame, whatever has changed. */
  invalidate: () => void;
}

/**
 * A part of the page. The scheduler compares what `inputs` returns, part by part, with what was drawn last, and calls `render` only where one differs.
 * `seen` is the state as it is looked at: what is compared and what is pointed at stand in for the present; `state` is the page's own.
 */
export interface View<Inputs extends object = any> {
  root: HTMLElement;
  inputs: (seen: Seen, state: State) => Inputs;
  render: (inputs: Inputs, root: HTMLElement) => void;
}
