/** Everything that can happen to the page's state. */

import type {
  Before, Cell, Explained, Factor, Frame, GruDocument, History, Notice, Opened, Preview, Selection, State, StepFrame, Tour,
} from "../types.d.ts";

/** How things are shown; changing it changes neither the document nor the selection. */
export type ViewSettings = Pick<
  State,
  "view" | "numbers" | "inside" | "termOrder" | "side" | "compare" | "channel" | "barRange" | "playing" | "speed" | "stage" | "zoom" | "theme" | "notice"
>;

/** What a run has brought: its arrays, in the order they came, and whether it is complete. */
export interface Arrived {
  run: number;
  /** the document that the run belongs to */
  document: GruDocument;
  /** leading steps of the trace before that are also the new run's */
  keep: number;
  steps: number;
  frames: readonly Frame[];
  done: boolean;
}

export type Action =
  // the document
  | { type: "committed"; document: GruDocument; gesture: string | null; view?: Partial<State>; select?: Partial<Selection> }
  | { type: "travelled"; by: 1 | -1 }
  | { type: "exchanged"; history: History; view: Partial<State> }
  | { type: "taken back"; before: GruDocument | null; message: string; field: string | null }
  // what is looked at
  | { type: "selected"; part: Partial<Selection> }
  | { type: "pointed"; part: Partial<Selection> | null; from: Preview["from"] }
  | { type: "unmarked" }
  | { type: "cell chosen"; cell: Cell }
  | { type: "followed"; place: Selection }
  | { type: "factor shown"; factor: Pick<Factor, "kind" | "name" | "of" | "index"> }
  | { type: "went back" }
  | { type: "presented"; on: boolean }
  | { type: "escaped" }
  | { type: "shown"; settings: Partial<ViewSettings> }
  | { type: "toured"; tour: Partial<Tour> }
  // the server
  | { type: "connected" }
  | { type: "disconnected" }
  | { type: "opened"; message: Opened }
  | { type: "arrived"; arrived: Arrived }
  | { type: "answered"; explained: Explained | null; step: StepFrame | null }
  | { type: "unchanged"; document: GruDocument }
  | { type: "compared with"; baseline: Before | null }
  | { type: "looked at"; selection: Selection };
