/* Made by `make types` from the models in app/wire and app/questions; edit those instead. */
/* Schema 4cd9083c59738866 */
/* eslint-disable */

export type * from "./state/types.d.ts";

/**
 * Hold a unit's h at 0, before the first step too.
 */
export interface AblateEdit {
  layer?: number;
  direction?: "forward" | "reverse";
  off?: boolean;
  op: "ablate";
  unit: number;
}
/**
 * Hold a value of one unit at a number, at one step or throughout.
 */
export interface ClampEdit {
  layer?: number;
  direction?: "forward" | "reverse";
  off?: boolean;
  op: "clamp";
  quantity: string;
  unit: number;
  t?: number | null;
  value: number;
}
/**
 * Everything needed to reproduce what the page shows.
 *
 * ``panels`` are those on show, all if it is left out; to the server they mean nothing.
 */
export interface Document {
  version?: number;
  network: ExampleNetwork | RandomNetwork | FileNetwork;
  edits?: readonly (SetEdit | ZeroEdit | FillEdit | RandomEdit | ScaleEdit | RestoreEdit | ClampEdit | StartEdit | AblateEdit)[];
  input: TextInput | NumbersInput;
  options?: Options;
  panels?: readonly ("input" | "plots" | "transport" | "cell" | "weights" | "number")[] | null;
}
/**
 * The network of one of the examples that come with gruscope, or its like of another cell.
 */
export interface ExampleNetwork {
  kind: "example";
  name: string;
  cell?: "gru" | "lstm" | "rnn";
}
/**
 * A freshly initialised network; the same seed gives the same one.
 */
export interface RandomNetwork {
  kind: "random";
  cell?: "gru" | "lstm" | "rnn";
  hidden_size: number;
  seed: number;
  gain?: number;
  alphabet?: string | null;
  input_size?: number | null;
  bias?: boolean;
}
/**
 * A layer, in one direction, of the model file that the server was started with.
 *
 * Where ``cell`` or ``digest`` is given and not that of the file, the file is another one.
 */
export interface FileNetwork {
  kind: "file";
  layer?: number;
  direction?: "forward" | "reverse";
  cell?: ("gru" | "lstm" | "rnn") | null;
  digest?: string | null;
}
/**
 * Give one cell of an array a value; a vector has no column.
 */
export interface SetEdit {
  layer?: number;
  direction?: "forward" | "reverse";
  off?: boolean;
  op: "set";
  array: string;
  row: number;
  column?: number | null;
  value: number;
}
/**
 * Set a whole array to zero.
 */
export interface ZeroEdit {
  layer?: number;
  direction?: "forward" | "reverse";
  off?: boolean;
  op: "zero";
  array: string;
}
/**
 * Set every weight of an array to one value.
 */
export interface FillEdit {
  layer?: number;
  direction?: "forward" | "reverse";
  off?: boolean;
  op: "fill";
  array: string;
  value: number;
}
/**
 * Initialise a whole array afresh.
 */
export interface RandomEdit {
  layer?: number;
  direction?: "forward" | "reverse";
  off?: boolean;
  op: "random";
  array: string;
  seed: number;
  gain?: number;
}
/**
 * Multiply a whole array.
 */
export interface ScaleEdit {
  layer?: number;
  direction?: "forward" | "reverse";
  off?: boolean;
  op: "scale";
  array: string;
  factor: number;
}
/**
 * Bring an array, or one cell of it, back to the network's own.
 */
export interface RestoreEdit {
  layer?: number;
  direction?: "forward" | "reverse";
  off?: boolean;
  op: "restore";
  array: string;
  row?: number | null;
  column?: number | null;
}
/**
 * Give one unit's state before the first step a value.
 */
export interface StartEdit {
  layer?: number;
  direction?: "forward" | "reverse";
  off?: boolean;
  op: "start";
  quantity: string;
  unit: number;
  value: number;
}
/**
 * A character per timestep; needs a network with an alphabet.
 */
export interface TextInput {
  kind: "text";
  text: string;
}
/**
 * A row of numbers per timestep.
 */
export interface NumbersInput {
  kind: "numbers";
  values: readonly (readonly number[])[];
}
/**
 * How to compute.
 */
export interface Options {
  dtype?: "float64" | "float32";
  form?: Form;
}
/**
 * Which equations to compute: the switches of every cell, each as it is by default.
 */
export interface Form {
  reset_after?: boolean;
  z_keeps?: boolean;
  input_forget?: boolean;
  peepholes?: boolean;
  activations?: readonly string[] | null;
  clip?: number | null;
}
/**
 * Another document in place of the present one.
 */
export interface DocumentChange {
  kind: "document";
  document: Document;
}
/**
 * One change; ``keep`` leading steps stand on the page and need not be sent again.
 */
export interface EditMessage {
  type: "edit";
  run: number;
  keep?: number;
  change: InputChange | EditsChange | DocumentChange;
}
/**
 * A splice of the sequence: characters of a text, rows of numbers.
 */
export interface InputChange {
  kind: "input";
  start: number;
  remove: number;
  insert: string | readonly (readonly number[])[];
}
/**
 * A splice of the list of edits; undo is the inverse splice.
 */
export interface EditsChange {
  kind: "edits";
  start: number;
  remove: number;
  insert: readonly (SetEdit | ZeroEdit | FillEdit | RandomEdit | ScaleEdit | RestoreEdit | ClampEdit | StartEdit | AblateEdit)[];
}
/**
 * Ask for the terms of one value.
 */
export interface Inspect {
  layer?: number;
  direction?: "forward" | "reverse";
  id: number;
  t: number;
  type: "inspect";
  quantity: string;
  unit: number;
}
/**
 * Begin with a document; ``arrays`` says what `steps` frames carry, if not what is shown.
 */
export interface Open {
  type: "open";
  run: number;
  document: Document;
  arrays?: [string, ...readonly string[]] | null;
}
/**
 * Ask whether the session lives.
 */
export interface Ping {
  type: "ping";
  id: number;
}
/**
 * Ask for the vectors of one step.
 */
export interface StepQuestion {
  layer?: number;
  direction?: "forward" | "reverse";
  id: number;
  t: number;
  type: "step";
}
/**
 * One of the network's arrays: its kind is what it is for.
 */
export interface ArrayPart {
  kind:
    | ("input" | "value" | "previous" | "start" | "complement")
    | ("input_weights" | "recurrent_weights" | "bias" | "recurrent_bias" | "peephole");
  name: string;
  of: string;
  shape: readonly number[];
}
/**
 * All steps of a run are sent, ``start`` being the first of them.
 */
export interface Done {
  type: "done";
  run: number;
  steps: number;
  start: number;
  milliseconds: number;
}
/**
 * How one value comes about, and within which bounds, where it has any.
 *
 * ``text`` is the equation as people write it, ``words`` the same with a reference at every name.
 * ``symbol`` names the activation, ``function`` adds its constants. ``curve`` are points of it to
 * draw straight lines between, ``numpy`` is it as an expression. All are empty where there is no
 * activation.
 */
export interface EquationPart {
  value: string;
  title: string;
  pre: string | null;
  activation: string;
  symbol: string;
  function: string;
  clip: number | null;
  bounds: [number, number] | null;
  text: string;
  words: readonly (string | ReferencePart)[];
  products: readonly ProductPart[];
  curve: readonly (readonly number[])[];
  numpy: string;
}
/**
 * What a factor refers to; ``of`` is the value it belongs to, "" for the input.
 */
export interface ReferencePart {
  kind:
    | ("input" | "value" | "previous" | "start" | "complement")
    | ("input_weights" | "recurrent_weights" | "bias" | "recurrent_bias" | "peephole");
  name: string;
  of: string;
}
/**
 * A summand of an equation: its factors from left to right.
 *
 * ``adds`` and ``vector`` are the names in a `step` frame of what it comes to and of what its
 * matrix multiplies (null where that is a single factor). ``inner`` is the value that the leading
 * gate multiplies, null without such a gate.
 */
export interface ProductPart {
  kind: "input" | "recurrent" | "bias" | "recurrent_bias" | "peephole" | "keep" | "write" | "state" | "show" | "couple";
  factors: readonly ReferencePart[];
  inner: string | null;
  adds: string;
  vector: string | null;
}
/**
 * What was refused, and why; the former state stands.
 */
export interface ErrorMessage {
  type: "error";
  code:
    | "json"
    | "message"
    | "binary"
    | "too_large"
    | "no_document"
    | "stale_run"
    | "shape"
    | "range"
    | "alphabet"
    | "length"
    | "overflow"
    | "busy"
    | "internal"
    | "host"
    | "origin"
    | "token"
    | "not_found"
    | "method"
    | "media_type";
  field: string | null;
  message: string;
  run: number | null;
  id: number | null;
}
/**
 * Where one value comes from.
 */
export interface Explained {
  layer: number;
  direction: "forward" | "reverse";
  id: number;
  run: number;
  type: "explained";
  quantity: string;
  t: number;
  unit: number;
  result: number;
  computed: number;
  clamped: boolean;
  pre_activation: number | null;
  activation: string;
  terms: readonly TermPart[];
}
/**
 * A product that is one summand of the value explained.
 */
export interface TermPart {
  kind: "input" | "recurrent" | "bias" | "recurrent_bias" | "peephole" | "keep" | "write" | "state" | "show" | "couple";
  factors: readonly FactorPart[];
  product: number;
}
/**
 * A factor of a term: the value at an index of what it refers to.
 */
export interface FactorPart {
  kind:
    | ("input" | "value" | "previous" | "start" | "complement")
    | ("input_weights" | "recurrent_weights" | "bias" | "recurrent_bias" | "peephole");
  name: string;
  of: string;
  index: readonly number[];
  value: number;
}
/**
 * The document is taken; its cell, its equations and its sizes.
 */
export interface Opened {
  type: "opened";
  run: number;
  cell: "gru" | "lstm" | "rnn";
  title: string;
  form: {
    [k: string]: boolean | readonly string[] | number | null;
  };
  values: readonly string[];
  equations: readonly EquationPart[];
  stages: readonly (readonly string[])[];
  steps: number;
  input_size: number;
  hidden_size: number;
  alphabet: string | null;
  arrays: {
    [k: string]: ArrayPart;
  };
}
/**
 * The session lives.
 */
export interface Pong {
  type: "pong";
  id: number;
}
