/** Shapes shared by the modules of the page. docs/protocol.md is the contract behind the wire ones. */

/** Which names a cell's values and arrays have, the server says in `opened`. */
export type Quantity = string;
export type ArrayName = string;
export type CellName = "gru" | "lstm" | "rnn";
export type Direction = "forward" | "reverse";
/** What is in one layer, counted from 0, and one direction of it. */
export interface InLayer { layer: number; direction: Direction }

export interface ExampleNetwork { kind: "example"; name: string; cell?: CellName }
export interface RandomNetwork {
  kind: "random";
  cell?: CellName;
  hidden_size: number;
  seed: number;
  gain?: number;
  alphabet?: string | null;
  input_size?: number | null;
  bias?: boolean;
}
/** A layer of the file that the server was started with; the page has them out of its config, as they are. */
export interface FileNetwork extends InLayer { kind: "file"; cell: CellName; digest: string }
export type NetworkSpec = ExampleNetwork | RandomNetwork | FileNetwork;

/** An edit that is `off` stays in the list and does nothing. */
interface Switched extends Partial<InLayer> { off?: boolean }
export type WeightEdit = Switched & (
  | { op: "set"; array: ArrayName; row: number; column?: number | null; value: number }
  | { op: "zero"; array: ArrayName }
  | { op: "fill"; array: ArrayName; value: number }
  | { op: "random"; array: ArrayName; seed: number; gain?: number }
  | { op: "scale"; array: ArrayName; factor: number }
  | { op: "restore"; array: ArrayName; row?: number | null; column?: number | null }
);
/** What holds a value of the cell, at one timestep or throughout, sets h_0 or c_0, or takes a unit out. */
export type ValueEdit = Switched & (
  | { op: "clamp"; quantity: Quantity; unit: number; t?: number | null; value: number }
  | { op: "start"; quantity: Quantity; unit: number; value: number }
  | { op: "ablate"; unit: number }
);
export type Edit = WeightEdit | ValueEdit;
/** Whether a number holds a value at one step or throughout. */
export type HoldScope = "step" | "always";
/** A value at one timestep. */
export type Place = Pick<Selection, "quantity" | "t" | "unit"> & Partial<InLayer>;

export interface TextInput { kind: "text"; text: string }
export interface NumbersInput { kind: "numbers"; values: readonly (readonly number[])[] }
export type Input = TextInput | NumbersInput;

/** The switches of every cell. */
export interface Form {
  reset_after: boolean;
  z_keeps: boolean;
  input_forget: boolean;
  peepholes: boolean;
  activations: readonly string[] | null;
  clip: number | null;
}

/** A part of the page that a presenter can show. */
export type Panel = "input" | "plots" | "transport" | "cell" | "weights" | "number";

export interface GruDocument {
  /** 1, also where it is left out */
  version?: number;
  network: NetworkSpec;
  edits: readonly Edit[];
  input: Input;
  options?: { dtype?: "float64" | "float32"; form?: Partial<Form> };
  /** What a presenter shows; all panels where it is not said. */
  panels?: readonly Panel[] | null;
}

export type Change =
  | { kind: "input"; start: number; remove: number; insert: string | readonly (readonly number[])[] }
  | { kind: "edits"; start: number; remove: number; insert: readonly Edit[] }
  | { kind: "document"; document: GruDocument };

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
export interface FormChoice { name: string; title: string; form: Partial<Form>; note: string }
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
  equation: Quantity | null;
  question: TourQuestion | null;
}
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
  glossary: GlossaryEntry[];
  socket: string;
}

export type Kind =
  | "input" | "recurrent" | "bias" | "recurrent_bias" | "peephole"
  | "keep" | "write" | "state" | "show" | "couple";
export type Role = "input_weights" | "recurrent_weights" | "bias" | "recurrent_bias" | "peephole";
/** What a factor refers to; `of` is the value it belongs to, "" for the input. An array's kind is its role. */
export interface Reference { kind: "input" | "value" | "previous" | "start" | "complement" | Role; name: string; of: Quantity }
/** One of the network's arrays. */
export interface ArrayPart extends Reference { shape: number[] }
/** `adds` and `vector` name a product's arrays in a step frame, `inner` the value that the gate in front multiplies. */
export interface Product { kind: Kind; factors: Reference[]; inner: Quantity | null; adds: string; vector: string | null }
export interface Equation {
  value: Quantity;
  title: string;
  /** the name of the sum, where an activation follows */
  pre: string | null;
  activation: string;
  /** the activation as it is written, and with its constants */
  symbol: string;
  function: string;
  clip: number | null;
  bounds: [number, number] | null;
  text: string;
  /** the text with a reference at every name */
  words: (string | Reference)[];
  products: Product[];
  /** points (a, f(a)) of the activation, to draw straight lines between */
  curve: [number, number][];
  /** the activation as an expression of NumPy in the sum's name */
  numpy: string;
}
/** What a document computes: its cell in its form. */
export interface Model {
  cell: CellName;
  title: string;
  form: Partial<Form>;
  /** what is plotted, in this order */
  values: Quantity[];
  equations: Equation[];
  /** the sub-steps of a timestep: what each computes */
  stages: Quantity[][];
  arrays: Record<ArrayName, ArrayPart>;
}
export interface Factor extends Reference { index: number[]; value: number }
export interface Term {
  kind: Kind;
  factors: Factor[];
  product: number;
}
export interface Explained extends InLayer {
  type: "explained";
  id: number;
  run: number;
  quantity: Quantity;
  t: number;
  unit: number;
  result: number;
  pre_activation: number | null;
  activation: string;
  /** what the equation gives; another value than `result` only where that is held */
  computed?: number;
  clamped?: boolean;
  terms: Term[];
}
export interface Opened extends Model {
  type: "opened";
  run: number;
  steps: number;
  input_size: number;
  hidden_size: number;
  alphabet: string | null;
}
export interface Done { type: "done"; run: number; steps: number; start: number; milliseconds: number }
export interface WireError {
  type: "error";
  code: string;
  field: string | null;
  message: string;
  run: number | null;
  id: number | null;
}
export interface Pong { type: "pong"; id: number }
export type ServerMessage = Opened | Done | Explained | WireError | Pong;

/** A decoded safetensors file. */
export interface Frame { metadata: Record<string, string>; arrays: Record<string, Tensor> }
export interface Tensor { shape: number[]; data: Float32Array }

/** What a network takes and has. */
export interface Network { inputSize: number; hiddenSize: number; alphabet: string | null }
export type MapName = "gates" | "states" | "weights" | "differences";
/** What colours and axes span; `grows` where no bounds are known. */
export interface Scale { map: MapName; low: number; high: number; grows: boolean }
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
export interface Leaf { of: Selection; factor: Reference & { index: number[] } }
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
  explained: Explained | null;
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
  explained: Explained | null;
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
  /** What the lower panel at the side shows. */
  side: "number" | "edits";
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
