/** Shapes shared by the modules of the page. docs/protocol.md is the contract behind the wire ones. */

export type Quantity = "z" | "r" | "n" | "h";
export type ArrayName =
  | "W_z" | "U_z" | "b_z" | "W_r" | "U_r" | "b_r" | "W_n" | "U_n" | "b_n" | "b_hn";

export interface ExampleNetwork { kind: "example"; name: string }
export interface RandomNetwork {
  kind: "random";
  hidden_size: number;
  seed: number;
  gain?: number;
  alphabet?: string | null;
  input_size?: number | null;
  bias?: boolean;
}
export type NetworkSpec = ExampleNetwork | RandomNetwork;

export type Edit =
  | { op: "set"; array: ArrayName; row: number; column?: number | null; value: number }
  | { op: "zero"; array: ArrayName }
  | { op: "random"; array: ArrayName; seed: number; gain?: number }
  | { op: "scale"; array: ArrayName; factor: number }
  | { op: "restore"; array: ArrayName; row?: number | null; column?: number | null };

export interface TextInput { kind: "text"; text: string }
export interface NumbersInput { kind: "numbers"; values: readonly (readonly number[])[] }
export type Input = TextInput | NumbersInput;

export interface GruDocument {
  network: NetworkSpec;
  edits: readonly Edit[];
  input: Input;
  options?: { dtype?: "float64" | "float32" };
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
export interface Config {
  version: string;
  limits: Limits;
  examples: Example[];
  default: string;
  socket: string;
}

export interface Factor { name: string; index: number[]; value: number }
export interface Term {
  kind: "input" | "recurrent" | "bias" | "recurrent_bias" | "keep" | "write";
  factors: Factor[];
  product: number;
}
export interface Explained {
  type: "explained";
  id: number;
  run: number;
  quantity: Quantity;
  t: number;
  unit: number;
  result: number;
  pre_activation: number | null;
  activation: "sigmoid" | "tanh" | "identity";
  terms: Term[];
}
export interface Opened {
  type: "opened";
  run: number;
  steps: number;
  input_size: number;
  hidden_size: number;
  alphabet: string | null;
  arrays: Record<string, number[]>;
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
/**
 * Arrays (steps, hidden) of the newest run; rows from `have` on still belong to an older one. `complete`: the newest run
 * that has come in whole.
 */
export interface PageTrace {
  run: number;
  complete: number;
  steps: number;
  hidden: number;
  have: number;
  arrays: Record<Quantity, Float32Array>;
}
export interface Weights { [name: string]: Tensor }

export interface Selection { t: number; unit: number; quantity: Quantity }
export interface Cell { array: ArrayName; row: number; column: number }
/** Columns shown: first and one past the last. */
export interface TimeWindow { from: number; to: number }
export interface NoticeAction { label: string; run: () => void }
export interface Notice { kind: "error" | "info"; text: string; actions?: NoticeAction[] }

export interface State {
  document: GruDocument;
  canUndo: boolean;
  canRedo: boolean;
  /** The document's network. */
  network: Network;
  original: Weights;
  weights: Weights;
  trace: PageTrace | null;
  explained: Explained | null;
  selection: Selection;
  /** The chosen weight; its row is the selected unit. */
  cell: { array: ArrayName; column: number };
  channel: number;
  /** The bars' range, held still while they are drawn. */
  barRange: { low: number; high: number } | null;
  zoom: TimeWindow | null;
  view: "heatmap" | "lines";
  termOrder: "size" | "order";
  playing: boolean;
  speed: number;
  /** The trace is the whole run of this very document. */
  synced: boolean;
  connection: "connecting" | "open" | "lost";
  theme: "light" | "dark";
  notice: Notice | null;
}
