/** Types of the page's state and of what happens to it. Those of the wire are made from the server's models, in ../types.d.ts; here are the page's names for them. */

import type * as Wire from "../types.d.ts";

export type Change = Wire.EditMessage["change"];
export type CellName = Wire.Opened["cell"];
export type NetworkSpec = Wire.Document["network"];
export type Edit = NonNullable<Wire.Document["edits"]>[number];
/** What changes weights. */
export type WeightEdit = Extract<Edit, { array: string }>;
/** What holds a value of the cell, at one timestep or throughout, sets h_0 or c_0, or takes a unit out. */
export type ValueEdit = Exclude<Edit, { array: string }>;
export type Input = Wire.Document["input"];
/** A part of the page that a presenter can show. */
export type Panel = NonNullable<Wire.Document["panels"]>[number];
/** A document as the page holds it: its list of edits is always there. */
export type GruDocument = Wire.Document & { edits: readonly Edit[] };

export type Reference = Wire.ReferencePart;
export type Product = Wire.ProductPart;
export type Kind = Product["kind"];
export type Equation = Wire.EquationPart;
export type Factor = Wire.FactorPart;
export type Term = Wire.TermPart;
/** What a document computes: its cell in its form. */
export type Model = Pick<Wire.Opened, "cell" | "title" | "form" | "values" | "equations" | "stages" | "arrays">;
export type WireError = Wire.ErrorMessage;
export type ServerMessage = Wire.Opened | Wire.Done | Wire.Explained | WireError | Wire.Pong;

/** Which names a cell's values and arrays have, the server says in `opened`. */
export type Quantity = string;
export type ArrayName = string;
export type Direction = "forward" | "reverse";
/** What is in one layer, counted from 0, and one direction of it. */
export interface InLayer { layer: number; direction: Direction }

/** Whether a number holds a value at one step or throughout. */
export type HoldScope = "step" | "always";
/** A value at one timestep. */
export type Place = Pick<Selection, "quantity" | "t" | "unit"> & Partial<InLayer>;


export interface Look { quantity: Quantity; t: number; unit: number }
export interface Example {
  name: string;
  title: string;
  story: string;
  look: Look;
  alphabet: string | null;
  input_size: number;
  hidden_size: number;
  document: GruDocument;
}
export interface Limits {
  steps: number;
  hidden_size: number;
  input_size: number;
  weight: number;
  input_value: number;
  edits: number;
  message_bytes: number;
}
/** A published form: its switches as far as they differ from the default, and where it is from. */
export interface FormChoice { name: string; title: string; form: Wire.Form; note: string }
export interface CellChoice { name: CellName; title: string; forms: FormChoice[] }
export type TourTask = { say: string } & (
  | { kind: "select"; quantity?: Quantity; t?: number; unit?: number }
  | { kind: "stage" }
  | { kind: "type"; t: number; insert: string }
  | { kind: "hold"; quantity: Quantity; unit: number; t?: number; value: number }
  | { kind: "weight"; arrays: ArrayName[]; row: number; column?: number; value: number; within?: [number, number] }
  | { kind: "cell"; cell: CellName }
);
/** A prediction; true if the value ends up from `low` to `high`. */
export interface TourOption { text: string; why: string; low: number; high: number }
export interface TourQuestion { ask: string; value: Look; options: TourOption[] }
export interface TourPage {
  name: string;
  title: string;
  /** marked up; see tour/prose.js */
  text: string;
  document: GruDocument;
  look: Look;
  show: string[];
  panel: "input" | "plots" | "transport" | "cell" | "weights" | "number";
  task: TourTask;
  /** what else has to be so, for what the page says to be true */
  given: TourFact[];
  /** the value that is quoted once the task is done */
  quote: Look | null;
  equation: Quantity | null;
  question: TourQuestion | null;
}
/** A value lies from `low` to `high`, or `outside` of that. Without `t` at every step; a negative one counts from the end. */
export interface TourFact { quantity: Quantity; unit: number; t?: number; low: number; high: number; outside?: boolean }
/** A way on from the last page, or words between the ways. */
export interface TourWay { kind: "example" | "cell" | "glossary" | "code" | "text"; say: string; name: string }
/** Where the reader is in the tour. `answers`: options predicted, by page. `aimed`: the name pointed at in a text. */
export interface Tour {
  open: boolean;
  begun: boolean;
  page: number;
  done: readonly string[];
  answers: Readonly<Record<string, number>>;
  aimed: string | null;
}
export interface GlossaryEntry { term: string; names: string[]; text: string }
export interface Config {
  version: string;
  limits: Limits;
  examples: Example[];
  /** In the order they are offered, each with its default form first. */
  cells: CellChoice[];
  default: string;
  tour: TourPage[];
  onward: TourWay[];
  glossary: GlossaryEntry[];
  socket: string;
}

/** A decoded safetensors file. */
export interface Frame { metadata: Record<string, string>; arrays: Record<string, Tensor> }
export interface Tensor { shape: number[]; data: Float32Array }

/** What a network takes and has. */
export interface Network { inputSize: number; hiddenSize: number; alphabet: string | null }
export type MapName = "gates" | "states" | "weights" | "differences";
/**
 * What colours and axes span. Where no bounds are known it `follows` what is shown. With `linear` it is even from −linear to linear and
 * logarithmic beyond; see lib/span.js.
 */
export interface Scale { map: MapName; low: number; high: number; linear: number | null; follows: boolean }
/**
 * Arrays (steps, hidden) of the newest run, one for each equation; rows from `have` on still belong to an older one. `complete`: the newest run
 * that has come in whole. `values`: those that are plotted, in this order.
 */
export interface PageTrace extends InLayer {
  run: number;
  complete: number;
  steps: number;
  hidden: number;
  have: number;
  values: readonly Quantity[];
  arrays: Record<Quantity, Float32Array>;
  scales: Record<Quantity, Scale>;
  /** the states before the first step */
  initial: Record<Quantity, Float32Array>;
}
/** Everything about one timestep: docs/protocol.md names the arrays. */
export interface StepFrame extends InLayer { run: number; t: number; arrays: Record<string, Float32Array> }
export interface Weights { [name: string]: Tensor }

export interface Selection extends InLayer { t: number; unit: number; quantity: Quantity }
/** A number that nothing computes, reached from a factor of the value `of`: a weight, an input, a start state. */
export interface Leaf { of: Selection; factor: Reference & { index: readonly number[] } }
/** What is pointed at. */
export interface Preview extends Selection {
  /** whether a unit or quantity is, and not a step alone */
  marks: boolean;
  /** the view that it is pointed at in, where that must not change under the pointer */
  from: "number" | null;
}
/** A run pinned to compare others with. */
export interface Before {
  document: GruDocument;
  network: Network;
  model: Model | null;
  trace: PageTrace | null;
  original: Weights;
  weights: Weights;
  step: StepFrame | null;
  explained: Wire.Explained | null;
}
/** Documents in the order they came, and the place among them. Documents of one gesture share an entry. */
export interface History { documents: readonly GruDocument[]; at: number; gesture: string | null }
export interface Cell { array: ArrayName; row: number; column: number }
/** Columns shown: first and one past the last. */
export interface TimeWindow { from: number; to: number }
export interface NoticeAction { label: string; run: () => void }
export interface Notice { kind: "error" | "info"; text: string; actions?: NoticeAction[] }

export interface State {
  document: GruDocument;
  /** The documents that undo and redo reach; the present one is the document. */
  history: History;
  /** The document's network. */
  network: Network;
  /** What the server last opened; null before it did. */
  model: Model | null;
  /** Values whose equations the last choice of a form changed. */
  changed: readonly Quantity[];
  original: Weights;
  weights: Weights;
  trace: PageTrace | null;
  explained: Wire.Explained | null;
  /** Everything about the step that is seen, once it has come. */
  step: StepFrame | null;
  /** What was clicked or stepped to; edits and keys start from it. */
  selection: Selection;
  /** What is pointed at: seen in place of the selection while it lasts. */
  preview: Preview | null;
  /** Whether the selection's unit and quantity are marked; its step always is. */
  pinned: boolean;
  /** The sub-step of the model's `stages` that is shown, null for the whole step. */
  stage: number | null;
  /** Where terms were followed from. */
  trail: readonly Selection[];
  /** The number that the last term followed led to, where nothing computes it. */
  leaf: Leaf | null;
  baseline: Before | null;
  compare: "now" | "before" | "difference";
  /** What the upper half of the right column shows. */
  side: "tour" | "weights" | "edits";
  /** Whether the cell's lens is open in a window that is too short to show it below the plots. */
  lens: boolean;
  /** The reader's choice for the next hold. A hold in force shows its own scope instead. */
  holdScope: HoldScope;
  presenting: boolean;
  tour: Tour;
  /** The chosen weight; its row is the selected unit. */
  cell: { array: ArrayName; column: number };
  channel: number;
  /** The bars' range, held still while they are drawn. */
  barRange: { low: number; high: number } | null;
  zoom: TimeWindow | null;
  view: "heatmap" | "lines";
  /** Tables of numbers stand in the plots' place. */
  numbers: boolean;
  /** How the cell's inside is shown. */
  inside: "diagram" | "vectors";
  termOrder: "size" | "order";
  playing: boolean;
  speed: number;
  /** The trace is the whole run of this very document. */
  synced: boolean;
  connection: "connecting" | "open" | "lost";
  theme: "light" | "dark";
  notice: Notice | null;
}

/** The state as views show it: its selection is what is pointed at, where something is. */
export interface Seen extends State {
  /** What is pinned all the while. */
  held: Selection;
  /** Whether unit and quantity are to be marked. */
  marked: boolean;
}

/** How things are shown; changing it changes neither the document nor the selection. */
export type ViewSettings = Pick<
  State,
  "view" | "numbers" | "inside" | "lens" | "termOrder" | "side" | "compare" | "channel" | "barRange" | "playing" | "speed" | "stage" | "zoom" | "theme" | "notice"
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
  /** whether a gesture is under way, during which the plots' ranges only widen */
  steady: boolean;
}

export type Action =
  // the document
  | { type: "committed"; document: GruDocument; gesture: string | null; view?: Partial<State>; select?: Partial<Selection> }
  | { type: "travelled"; by: 1 | -1 }
  | { type: "visited"; document: GruDocument }
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
  | { type: "opened"; message: Wire.Opened }
  | { type: "arrived"; arrived: Arrived }
  | { type: "gesture ended" }
  | { type: "answered"; explained: Wire.Explained | null; step: StepFrame | null }
  | { type: "unchanged"; document: GruDocument }
  | { type: "compared with"; baseline: Before | null }
  | { type: "looked at"; selection: Selection };
