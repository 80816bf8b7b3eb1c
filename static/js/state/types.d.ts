/** Types of the page's state and actions, and the page's names for the types of the wire, which are made from the server's models in ../types.d.ts. */

import type * as Wire from "../types.d.ts";
import type { Ablation, AblationAction, CardTraining, UnitMessage } from "../model/units/types.d.ts";
import type { Config, Example, Tour } from "./config.d.ts";
import type { Training, TrainingMessage, TrainingSpec } from "./training.d.ts";

export type * from "../model/units/types.d.ts";
export type * from "./config.d.ts";
export type * from "./training.d.ts";

export type Change = Wire.EditMessage["change"];
export type CellName = Wire.Opened["cell"];
export type NetworkSpec = Wire.Document["network"];
export type Edit = NonNullable<Wire.Document["edits"]>[number];
/** An edit that changes weights. */
export type WeightEdit = Extract<Edit, { array: string }>;
/** An edit that holds a value of the cell, at one timestep or throughout, sets h_0 or c_0, or ablates a unit. */
export type ValueEdit = Exclude<Edit, { array: string }>;
export type Input = Wire.Document["input"];
/** Steps of an input: characters, rows of numbers, or tokens. */
export type InputPiece = string | readonly (readonly number[])[] | readonly number[];
export type Target = NonNullable<Wire.Document["target"]>;
export type NetworkPart = Wire.NetworkPart;
/** A panel that the presenter's view can show. */
export type Panel = NonNullable<Wire.Document["panels"]>[number];
/** A document in the page, which always has a list of edits. */
export type GruDocument = Wire.Document & { edits: readonly Edit[] };

export type Reference = Wire.ReferencePart;
/** An array of the network. */
export type ArrayPart = Wire.ArrayPart;
/** The part of the network whose weights the page shows: that of the layer on show, or an end. */
export type Part = "layer" | End;
export type End = "embedding" | "readout";
export type Product = Wire.ProductPart;
export type Kind = Product["kind"];
export type Equation = Wire.EquationPart;
export type Factor = Wire.FactorPart;
export type Term = Wire.TermPart;
/** The model of a document: its cell in its form. */
export type Model = Pick<Wire.Opened, "cell" | "title" | "form" | "values" | "equations" | "stages" | "arrays">;
export type WireError = Wire.ErrorMessage;
export type WrittenPart = Wire.WrittenPart;
export type ServerMessage = Wire.Opened | Wire.Done | Wire.WrittenPart | Wire.Explained | UnitMessage | WireError | Wire.Pong;

/** The names of values and arrays; `opened` lists those of a cell. */
export type Quantity = string;
export type ArrayName = string;
export type Direction = "forward" | "reverse";
/** A layer, counted from 0, and a direction. */
export interface InLayer { layer: number; direction: Direction }

/** Whether a hold applies at one step or throughout. */
export type HoldScope = "step" | "always";
/** A value at one timestep. */
export type Place = Pick<Selection, "quantity" | "t" | "unit"> & Partial<InLayer>;


/** An input or output in the reader's units: the network computes with (own − mean) / scale. */
export interface Channel { name?: string; unit?: string; mean?: number; scale?: number }
/** What is known of a network's inputs and outputs; see gru_core/network/card.py. */
export interface Card {
  title?: string;
  text?: string;
  alphabet?: string;
  tokens?: readonly string[];
  channels?: readonly Channel[];
  outputs?: readonly Channel[];
  classes?: readonly string[];
  sampling_rate?: number;
  target?: { ahead?: number; columns?: readonly string[] };
  training?: CardTraining;
}

/** A decoded safetensors file. */
export interface Frame { metadata: Record<string, string>; arrays: Record<string, Tensor> }
/** An array of numbers. Of a large one there may be only a `block`: then `shape` is that of the whole array, and `data` has the block's values. */
export interface Tensor { shape: readonly number[]; data: Float32Array; block?: Block }
/** Rows and columns of a large array. `most`: the largest magnitude in the network's own array; `edited`: how many of all its values edits have changed. */
export interface Block { row: number; column: number; rows: number; columns: number; most: number; edited: number }
/** Where a block begins. */
export interface BlockStart { row: number; column: number }

/** The parts of a network; `tokens` are the words of its embedding; `readsInput` says whether the layer on show reads the input itself, `readsAnswers` whether it reads the answers of the step before; `layerInputs` and `hiddenSize` are the sizes of the layer on show, `inputSize` that of the input. */
export interface Network { alphabet: string | null; tokens: readonly string[] | null; card: Card; readsInput: boolean; readsAnswers: boolean; parts: NetworkPart; inputSize: number; layerInputs: number; hiddenSize: number }
/**
 * The network's answer: `values` has `size` numbers for each step. If there are too many outputs, they are the largest ones, and `index` has their
 * places; else it is null.
 */
export interface Answer { run: number; steps: number; have: number; size: number; values: Float32Array; index: Float32Array | null }
/**
 * What the outputs should be for an input, by the rule of the network's task: `values` has `size` numbers for each step, or the number of the right class;
 * they count where `asked` is 1. `next`: the rule is to say the next symbol, which no card claims. The page asked for it during `run`.
 */
export interface Right { run: number; input: Input; size: number; values: Float32Array; asked: Float32Array; next: boolean }
/** The states of every layer and direction, thinned, by `layer.direction`. */
export interface NetworkMap { run: number; blocks: Record<string, Tensor> }
export type MapName = "gates" | "states" | "weights" | "differences";
/**
 * The range of colours and axes. Without known bounds it `follows` the values. With `linear` it is linear from −linear to linear and
 * logarithmic beyond; see lib/span.js.
 */
export interface Scale { map: MapName; low: number; high: number; linear: number | null; follows: boolean }
/**
 * Arrays (steps, hidden) of the newest run, one for each equation; rows from `have` on still belong to an older one. `complete`: the newest run
 * that is complete. `values`: the plotted values, in order.
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
/** All vectors of one timestep; docs/protocol.md lists the arrays. */
export interface StepFrame extends InLayer { run: number; t: number; arrays: Record<string, Float32Array> }
export interface Weights { [name: string]: Tensor }
/** The arrays of the embedding or the readout, as far as the page has them: the network's own, and those after the edits. */
export interface Ends { original: Weights; weights: Weights }

export interface Selection extends InLayer { t: number; unit: number; quantity: Quantity }
/** A number without an equation, reached from a factor of the value `of`: a weight, an input or a start state. */
export interface Leaf { of: Selection; factor: Reference & { index: readonly number[] } }
/** The place under the pointer. */
export interface Preview extends Selection {
  /** whether it has a unit or quantity, not only a step */
  marks: boolean;
  /** the view under the pointer, if that view must not change meanwhile */
  from: "number" | null;
}
/** A run pinned to compare others with. */
export interface Before {
  document: GruDocument;
  network: Network;
  model: Model | null;
  trace: PageTrace | null;
  answer: Answer | null;
  map: NetworkMap | null;
  original: Weights;
  weights: Weights;
  ends: Ends;
  step: StepFrame | null;
  explained: Wire.Explained | null;
}
/** Documents in order, and the index of the present one. Documents of one gesture share an entry. */
export interface History { documents: readonly GruDocument[]; at: number; gesture: string | null }
export interface Cell { array: ArrayName; row: number; column: number }
/** Columns shown: first and one past the last. */
export interface TimeWindow { from: number; to: number }
export interface NoticeAction { label: string; run: () => void }
export interface Notice { kind: "error" | "info"; text: string; actions?: NoticeAction[] }

/** How to write on; a `topK` of null draws from all symbols. */
export interface WriteOptions { temperature: number; topK: number | null; seed: number; steps: number }
/**
 * What the network writes after step `t`: `symbols` with the `probabilities` with which they were drawn, or `rows` of a series. `cut`: fewer steps
 * than wished fit into an input. `id` is that of the message, null until it is sent; `fault` says why it ended early.
 */
export interface Writing extends WriteOptions {
  t: number;
  cut: boolean;
  status: "waiting" | "writing" | "done" | "stopped" | "failed";
  id: number | null;
  symbols: readonly number[];
  probabilities: readonly number[];
  rows: readonly (readonly number[])[];
  fault: string;
}

export interface State {
  document: GruDocument;
  /** The documents that undo and redo reach; the present one is the document. */
  history: History;
  /** The document's network. */
  network: Network;
  /** The cards that the page was given, by the digest of their file. */
  cards: Readonly<Record<string, Card>>;
  /** The model that the server last opened, null before the first. */
  model: Model | null;
  /** Values with equations that the last change of form affected. */
  changed: readonly Quantity[];
  original: Weights;
  weights: Weights;
  /** The part whose arrays the weights panel shows. */
  part: Part;
  ends: Ends;
  /** Where the wanted block of each array of an end begins. */
  looks: Readonly<Record<ArrayName, BlockStart>>;
  trace: PageTrace | null;
  /** The answer of a network with a readout. */
  answer: Answer | null;
  right: Right | null;
  map: NetworkMap | null;
  explained: Wire.Explained | null;
  /** The output to take apart, null for none. */
  output: number | null;
  explainedOutput: Wire.Explained | null;
  /** The vectors of the visible step, when they have arrived. */
  step: StepFrame | null;
  /** The pinned place; edits and keys start from it. */
  selection: Selection;
  /** The place under the pointer, which views show instead of the selection. */
  preview: Preview | null;
  /** Whether the selection's unit and quantity are marked; its step always is. */
  pinned: boolean;
  /** The visible sub-step of the model's `stages`, null for the whole step. */
  stage: number | null;
  /** The places from which terms were followed. */
  trail: readonly Selection[];
  /** The number to which the last followed term led, if it has no equation. */
  leaf: Leaf | null;
  baseline: Before | null;
  compare: "now" | "before" | "difference";
  /** The tab in the upper half of the right column. */
  side: "tour" | "weights" | "train" | "edits";
  /** Whether the cell's lens is open in a window that is too short to show it below the plots. */
  lens: boolean;
  /** The reader's choice for the next hold. A hold in force shows its own scope instead. */
  holdScope: HoldScope;
  presenting: boolean;
  tour: Tour;
  /** The selected weight; without a row, that is the selected unit. */
  cell: { array: ArrayName; column: number; row?: number };
  channel: number;
  /** The bars' range, fixed during a drag. */
  barRange: { low: number; high: number } | null;
  zoom: TimeWindow | null;
  view: "heatmap" | "lines";
  /** Whether tables of numbers replace the plots. */
  numbers: boolean;
  /** How the cell's inside is shown. */
  inside: "diagram" | "vectors" | "units";
  /** The scores without each unit, null if they were never asked for. */
  ablation: Ablation | null;
  unitOrder: "unit" | "effect";
  termOrder: "size" | "order";
  playing: boolean;
  speed: number;
  /** Whether the trace is the complete run of the present document. */
  synced: boolean;
  connection: "connecting" | "open" | "lost";
  theme: "light" | "dark";
  notice: Notice | null;
  /** A document that the server refused because its file is not open; it returns when the file does. */
  lost: GruDocument | null;
  training: Training;
  /** What the network writes on, null if nothing. */
  writing: Writing | null;
  writeOptions: WriteOptions;
}

/** The state as views show it: its selection is the place under the pointer, if there is one. */
export interface Seen extends State {
  /** The pinned place. */
  held: Selection;
  /** Whether to mark unit and quantity. */
  marked: boolean;
}

/** Settings of the views, which affect neither the document nor the selection. */
export type ViewSettings = Pick<
  State,
  "view" | "numbers" | "inside" | "unitOrder" | "output" | "lens" | "termOrder" | "side" | "compare" | "channel" | "barRange" | "playing" | "speed" | "stage" | "zoom" | "theme" | "notice" | "writeOptions"
>;

/** New results of a run: its frames in order, and whether the run is complete. */
export interface Arrived {
  run: number;
  /** the document that the run belongs to */
  document: GruDocument;
  /** leading steps of the previous trace that are also valid in the new run */
  keep: number;
  steps: number;
  frames: readonly Frame[];
  done: boolean;
  /** whether a gesture is in progress, during which the plots' ranges only widen */
  steady: boolean;
}

export type Action =
  // the document
  | { type: "committed"; document: GruDocument; gesture: string | null; view?: Partial<State>; select?: Partial<Selection> }
  | { type: "travelled"; by: 1 | -1 }
  | { type: "visited"; document: GruDocument }
  | { type: "layer shown"; place: InLayer }
  | { type: "card given"; digest: string; card: Card }
  | { type: "exchanged"; history: History; view: Partial<State> }
  | { type: "taken back"; before: GruDocument | null; message: string; field: string | null }
  // the selection and the views
  | { type: "selected"; part: Partial<Selection> }
  | { type: "pointed"; part: Partial<Selection> | null; from: Preview["from"] }
  | { type: "unmarked" }
  | { type: "cell chosen"; cell: Cell }
  | { type: "part shown"; part: Part }
  | { type: "array scrolled"; array: ArrayName; cells: { row: number; column: number; rows: number; columns: number } }
  | { type: "followed"; place: Selection }
  | { type: "factor shown"; factor: Pick<Factor, "kind" | "name" | "of" | "index"> }
  | { type: "went back" }
  | { type: "presented"; on: boolean }
  | { type: "escaped" }
  | { type: "shown"; settings: Partial<ViewSettings> }
  | { type: "toured"; tour: Partial<Tour> }
  // the training
  | { type: "training asked"; spec: TrainingSpec }
  | { type: "training told"; messages: readonly TrainingMessage[] }
  | { type: "training set"; settings: Partial<Pick<Training, "following" | "due" | "playing" | "setup" | "fault">> }
  | { type: "snapshot shown"; digest: string; following: boolean; playing: boolean }
  | AblationAction
  // writing on
  | { type: "write wished"; writing: Writing }
  | { type: "write sent"; id: number }
  | { type: "written"; part: WrittenPart }
  | { type: "write stopped" }
  | { type: "write failed"; id: number; message: string }
  | { type: "write discarded" }
  // the server
  | { type: "connected" }
  | { type: "disconnected" }
  | { type: "opened"; message: Wire.Opened }
  | { type: "arrived"; arrived: Arrived }
  | { type: "right arrived"; right: Right }
  | { type: "gesture ended" }
  | { type: "answered"; explained: Wire.Explained | null; step: StepFrame | null; output: Wire.Explained | null }
  | { type: "unchanged"; document: GruDocument }
  | { type: "compared with"; baseline: Before | null }
  | { type: "block arrived"; frame: Frame }
  | { type: "looked at"; selection: Selection }
  | { type: "looked into"; part: Part; looks: State["looks"] };
