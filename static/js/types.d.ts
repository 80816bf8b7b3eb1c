/* Made by `make types` from the models in app/wire and app/questions; edit those instead. */
/* Schema 50f95129d7309b27 */
/* eslint-disable */

export type * from "./state/types.d.ts";

/**
 * Ask for the score without each unit, those of one layer and direction first.
 *
 * ``task`` and ``settings`` are those of the network's card; the data are drawn afresh.
 */
export interface AblateAll {
  layer?: number;
  direction?: "forward" | "reverse";
  type: "ablate_all";
  id: number;
  task: string;
  settings: {
    [k: string]: number;
  };
}
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
 * Take over the training of a page that was reloaded, by its unguessable id.
 */
export interface Attach {
  type: "attach";
  id: string;
}
/**
 * Ask for a block of an array of the embedding or the readout, which may be large.
 */
export interface BlockQuestion {
  type: "block";
  id: number;
  part: "embedding" | "readout";
  array: string;
  row: number;
  column?: number;
  rows: number;
  columns?: number;
}
/**
 * Hold a value of one unit, at one step or throughout.
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
 * ``view`` is the layer and direction whose values and weights the server sends. ``panels`` lists
 * the panels that the page shows, by default all; the server ignores it. ``target`` is what the
 * outputs of a regression should be; it changes no number.
 */
export interface Document {
  version?: number;
  network: ExampleNetwork | RandomNetwork | FileNetwork;
  edits?: readonly (SetEdit | ZeroEdit | FillEdit | RandomEdit | ScaleEdit | RestoreEdit | ClampEdit | StartEdit | AblateEdit)[];
  input: TextInput | NumbersInput | TokensInput;
  target?: (InputTarget | ValuesTarget) | null;
  options?: Options;
  view?: InLayer;
  panels?: readonly ("input" | "plots" | "transport" | "cell" | "weights" | "number")[] | null;
}
/**
 * The network of a built-in example, or a random one of another cell with its sizes.
 *
 * A trained network has no other cell. ``digest`` is that of its weights: a document with a
 * different one belongs to another version of the gallery and is refused.
 */
export interface ExampleNetwork {
  kind: "example";
  name: string;
  cell?: ("gru" | "lstm" | "rnn") | null;
  digest?: string | null;
}
/**
 * A random network; the same seed gives the same network.
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
 * The whole network of the model file that the server was started with.
 *
 * A document with a different ``digest`` belongs to another file and is refused. ``cell`` is that
 * of the first layer. With an ``alphabet``, it reads text: a character for each token of its
 * embedding, or for each input.
 */
export interface FileNetwork {
  kind: "file";
  cell?: ("gru" | "lstm" | "rnn") | null;
  alphabet?: string | null;
  digest?: string | null;
}
/**
 * Set one cell of an array; a vector has no column.
 */
export interface SetEdit {
  layer?: number;
  direction?: "forward" | "reverse";
  off?: boolean;
  part?: "layer" | "readout" | "embedding";
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
  part?: "layer" | "readout" | "embedding";
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
  part?: "layer" | "readout" | "embedding";
  op: "fill";
  array: string;
  value: number;
}
/**
 * Initialise a whole array from a seed.
 */
export interface RandomEdit {
  layer?: number;
  direction?: "forward" | "reverse";
  off?: boolean;
  part?: "layer" | "readout" | "embedding";
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
  part?: "layer" | "readout" | "embedding";
  op: "scale";
  array: string;
  factor: number;
}
/**
 * Restore an array, or one cell of it, to the network's own weights.
 */
export interface RestoreEdit {
  layer?: number;
  direction?: "forward" | "reverse";
  off?: boolean;
  part?: "layer" | "readout" | "embedding";
  op: "restore";
  array: string;
  row?: number | null;
  column?: number | null;
}
/**
 * Set one unit's state before the first step.
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
 * A row of the embedding per timestep; needs a network with an embedding.
 */
export interface TokensInput {
  kind: "tokens";
  tokens: readonly number[];
}
/**
 * The outputs should be channels of the input, ``ahead`` steps later: one channel an output.
 */
export interface InputTarget {
  kind: "input";
  ahead: number;
  channels: readonly number[];
}
/**
 * The outputs should be these rows, in the network's units; [] where none is known.
 */
export interface ValuesTarget {
  kind: "values";
  values: readonly (readonly number[])[];
}
/**
 * How to compute; without a form, layers have the form of their network.
 */
export interface Options {
  dtype?: "float64" | "float32";
  form?: Form | null;
}
/**
 * The switches that choose the equations, for all cells together.
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
 * Anything in one layer, counted from 0, and one direction of it.
 */
export interface InLayer {
  layer: number;
  direction: "forward" | "reverse";
}
/**
 * A new document that replaces the present one.
 */
export interface DocumentChange {
  kind: "document";
  document: Document;
}
/**
 * One change; the page already has the first ``keep`` steps, so they are not sent again.
 */
export interface EditMessage {
  type: "edit";
  run: number;
  keep?: number;
  change: InputChange | EditsChange | DocumentChange | ViewChange;
}
/**
 * A splice of the input: characters of a text, rows of numbers or tokens.
 */
export interface InputChange {
  kind: "input";
  start: number;
  remove: number;
  insert: string | readonly (readonly number[])[] | readonly number[];
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
 * Another layer or direction to send; nothing is computed anew.
 */
export interface ViewChange {
  layer?: number;
  direction?: "forward" | "reverse";
  kind: "view";
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
 * Ask for the terms of one output; ``unit`` counts the outputs.
 */
export interface InspectOutput {
  layer?: number;
  direction?: "forward" | "reverse";
  id: number;
  t: number;
  type: "inspect_output";
  unit: number;
}
/**
 * Make one step and pause.
 */
export interface OneStep {
  type: "one_step";
  origin?: Origin | null;
}
/**
 * A snapshot from which to go on, and the edits to apply to it first.
 */
export interface Origin {
  digest: string;
  edits?: readonly (SetEdit | ZeroEdit | FillEdit | RandomEdit | ScaleEdit | RestoreEdit | ClampEdit | StartEdit | AblateEdit)[];
}
/**
 * Open a document; ``arrays`` lists the values that `steps` frames carry.
 */
export interface Open {
  type: "open";
  run: number;
  document: Document;
  arrays?: [string, ...readonly string[]] | null;
}
/**
 * Pause after the present step.
 */
export interface Pause {
  type: "pause";
}
/**
 * Ask whether the session is alive.
 */
export interface Ping {
  type: "ping";
  id: number;
}
/**
 * Go on, from the newest step or from another snapshot.
 */
export interface Resume {
  type: "resume";
  origin?: Origin | null;
}
/**
 * Start a training; it runs as soon as there is a place for it.
 */
export interface Start {
  type: "start";
  training: TrainingSpec;
}
/**
 * Everything that determines a training; the same spec gives the same weights.
 */
export interface TrainingSpec {
  task: TaskSpec;
  cell?: "gru" | "lstm" | "rnn";
  form?: Form | null;
  hidden_size?: number;
  layers?: number;
  both_directions?: boolean;
  initial?: "uniform" | "orthogonal" | "chrono" | "orthogonal+chrono";
  rate?: number;
  batch?: number;
  steps?: number;
  seed?: number;
  until_solved?: boolean;
}
/**
 * What to learn: a task by name, its settings, and its data if they are the user's own.
 *
 * ``text`` is a text to continue, or lines of text, tab, label. ``rows`` is a series with the
 * ``names`` of its columns.
 */
export interface TaskSpec {
  name: string;
  settings?: {
    [k: string]: number;
  };
  text?: string | null;
  rows?: readonly (readonly number[])[] | null;
  names?: readonly string[] | null;
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
 * End the training; its snapshots stay.
 */
export interface Stop {
  type: "stop";
}
/**
 * Stop what ``ablate_all`` asked for with this id.
 */
export interface StopAblation {
  type: "stop_ablation";
  id: number;
}
/**
 * Stop writing on; what has been sent remains.
 */
export interface StopWriting {
  type: "stop_writing";
  id: number;
}
/**
 * Ask for the right answers to the present input.
 *
 * ``task`` and ``settings`` are those of the network's card. Without a task, the right answer is
 * the next symbol of the input.
 */
export interface TargetQuestion {
  type: "target";
  id: number;
  task?: string | null;
  settings?: {
    [k: string]: number;
  };
}
/**
 * Let the network write on: step ``t`` is the last that it reads, ``t`` + 1 the first written.
 *
 * A series is not random: ``temperature``, ``top_k`` and ``seed`` have no effect on it.
 */
export interface Write {
  type: "write";
  id: number;
  t: number;
  steps: number;
  temperature?: number;
  top_k?: number | null;
  seed?: number;
}
/**
 * Scores without some of the units.
 */
export interface Ablated {
  type: "ablated";
  id: number;
  scores: readonly UnitScore[];
}
/**
 * The score without one unit.
 */
export interface UnitScore {
  layer: number;
  direction: "forward" | "reverse";
  unit: number;
  score: number;
}
/**
 * One of the network's arrays; ``kind`` is its role.
 */
export interface ArrayPart {
  kind:
    | ("input" | "value" | "previous" | "start" | "complement")
    | (
        | "input_weights"
        | "recurrent_weights"
        | "bias"
        | "recurrent_bias"
        | "peephole"
        | "readout_weights"
        | "readout_bias"
        | "embedding"
      );
  name: string;
  of: string;
  shape: readonly number[];
}
/**
 * Which of the layers are a decoder's, and how it answers after the input has been read.
 *
 * Layers from ``first`` on act after the last step of the input, in at most ``limit`` steps. The
 * decoder reads ``start`` first, then at each step its own answer, and ends with ``end``; both
 * count the outputs.
 */
export interface DecoderPart {
  first: number;
  limit: number;
  start: number;
  end: number;
}
/**
 * All steps of a run have been sent; ``start`` is the first of them.
 */
export interface Done {
  type: "done";
  run: number;
  steps: number;
  start: number;
  milliseconds: number;
}
/**
 * A measurement ended: ``complete``, or stopped by the page or by a change of the network.
 */
export interface Ended {
  type: "ended";
  id: number;
  complete: boolean;
}
/**
 * The equation of one value, and the value's bounds, if any.
 *
 * ``text`` is the equation for people, ``words`` the same with a reference for every name.
 * ``symbol`` is the activation's symbol; ``function`` adds its constants. ``curve`` has points of
 * the activation to connect by straight lines, ``numpy`` is it as an expression. All four are
 * empty if there is no activation.
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
 * A typed name; ``of`` is the value that it belongs to, "" for the input.
 */
export interface ReferencePart {
  kind:
    | ("input" | "value" | "previous" | "start" | "complement")
    | (
        | "input_weights"
        | "recurrent_weights"
        | "bias"
        | "recurrent_bias"
        | "peephole"
        | "readout_weights"
        | "readout_bias"
        | "embedding"
      );
  name: string;
  of: string;
}
/**
 * A summand of an equation: its factors from left to right.
 *
 * ``adds`` and ``vector`` name two arrays of a `step` frame: the product's result, and the vector
 * that its matrix multiplies (null if that is a single factor). ``inner`` is the value that the
 * leading gate multiplies, null without such a gate.
 */
export interface ProductPart {
  kind:
    | "input"
    | "recurrent"
    | "bias"
    | "recurrent_bias"
    | "peephole"
    | "keep"
    | "write"
    | "state"
    | "show"
    | "couple"
    | "readout";
  factors: readonly ReferencePart[];
  inner: string | null;
  adds: string;
  vector: string | null;
}
/**
 * A refusal and its reason; the previous state remains.
 */
export interface ErrorMessage {
  type: "error";
  code:
    | "json"
    | "message"
    | "binary"
    | "too_large"
    | "no_document"
    | "no_training"
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
 * The terms of one value.
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
 * A product that is one summand of the explained value.
 */
export interface TermPart {
  kind:
    | "input"
    | "recurrent"
    | "bias"
    | "recurrent_bias"
    | "peephole"
    | "keep"
    | "write"
    | "state"
    | "show"
    | "couple"
    | "readout";
  factors: readonly FactorPart[];
  product: number;
}
/**
 * A factor of a term: a reference with the value at an index.
 */
export interface FactorPart {
  kind:
    | ("input" | "value" | "previous" | "start" | "complement")
    | (
        | "input_weights"
        | "recurrent_weights"
        | "bias"
        | "recurrent_bias"
        | "peephole"
        | "readout_weights"
        | "readout_bias"
        | "embedding"
      );
  name: string;
  of: string;
  index: readonly number[];
  value: number;
}
/**
 * One layer of the network; ``merge`` says how two directions become its states.
 *
 * ``before`` has the equation of each fixed map that its input goes through.
 */
export interface LayerPart {
  cell: "gru" | "lstm" | "rnn";
  /**
   * @minItems 1
   * @maxItems 2
   */
  directions: ["forward" | "reverse"] | ["forward" | "reverse", "forward" | "reverse"];
  merge: "concat" | "sum" | "mean" | "product";
  input_size: number;
  hidden_size: number;
  output_size: number;
  before: readonly string[];
}
/**
 * The whole network: an embedding of ``vocabulary`` rows, layers, a readout.
 *
 * ``input_size`` is the numbers of its input at each step, a row of the embedding if it has one.
 * ``ends`` describes the arrays of the embedding and the readout by name, if it has them.
 * ``uniform`` says whether all layers have one kind of cell in one form, which can then be changed
 * together. ``decoder`` is null unless the network is an encoder and a decoder.
 * ``note`` says in sentences which parts are a guess and what was left out of the file,
 * "" if nothing. ``writes`` says what it writes on by reading its own answers, null if it cannot.
 */
export interface NetworkPart {
  vocabulary: number | null;
  input_size: number;
  layers: readonly LayerPart[];
  readout: ReadoutPart | null;
  ends: {
    [k: string]: {
      [k: string]: ArrayPart;
    };
  };
  parameters: number;
  uniform: boolean;
  decoder: DecoderPart | null;
  guessed: readonly string[];
  note: string;
  writes: ("symbols" | "series") | null;
}
/**
 * The linear layer at the end, and the function that follows it.
 */
export interface ReadoutPart {
  output_size: number;
  head: "identity" | "sigmoid" | "softmax";
}
/**
 * The server accepted a document: its network, and the cell and equations of the view.
 *
 * ``input_size`` and ``hidden_size`` are those of the view's layer.
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
  view: InLayer;
  network: NetworkPart;
}
/**
 * The session is alive.
 */
export interface Pong {
  type: "pong";
  id: number;
}
/**
 * The score of the whole network, and how many units will be left out in turn.
 *
 * ``chance`` is the score of an answer that does not look at the input. An ``accuracy`` is the
 * part of the answers that are right, an ``error`` the mean squared error.
 */
export interface Scored {
  type: "scored";
  id: number;
  metric: "accuracy" | "error";
  score: number;
  chance: number;
  sequences: number;
  units: number;
}
/**
 * Some steps that the network wrote, from step ``start`` on; ``run`` is the run that it read.
 *
 * Of symbols there is the number of each and the ``probabilities`` with which they were drawn, of
 * a series the ``rows``, as an input has them.
 */
export interface WrittenPart {
  type: "written";
  id: number;
  run: number;
  start: number;
  symbols: readonly number[] | null;
  probabilities: readonly number[] | null;
  rows: readonly (readonly number[])[] | null;
  done: boolean;
}
/**
 * A value and a place to select.
 */
export interface LookPart {
  quantity: string;
  t: number;
  unit: number;
}
/**
 * The score on held-out data: ``chance`` is that of guessing, ``solved`` that of success.
 */
export interface MetricPart {
  name: "accuracy" | "error";
  chance: number;
  solved: number;
  rises: boolean;
}
/**
 * A point of the curves: mean loss and largest gradient norm since the point before.
 *
 * ``metric`` is null where it was not measured.
 */
export interface Point {
  step: number;
  loss: number;
  norm: number;
  metric: number | null;
}
/**
 * New points of the curves.
 *
 * ``seconds`` it has trained, ``left`` it will probably still take.
 */
export interface Progress {
  type: "progress";
  step: number;
  seconds: number;
  left: number | null;
  points: readonly Point[];
}
/**
 * The training has a network: its parts, its card, and a document that shows it.
 *
 * The card is as in a file beside a model.
 */
export interface Ready {
  type: "ready";
  training: TrainingSpec;
  title: string;
  metric: MetricPart;
  network: NetworkPart;
  card: {
    [k: string]: unknown;
  };
  document: Document;
  look: LookPart;
}
/**
 * The training goes on from an earlier step: later points and snapshots are gone.
 */
export interface Rewound {
  type: "rewound";
  step: number;
}
/**
 * The network after a step, which documents can name by its digest.
 *
 * Those of the ``dropped`` steps are gone.
 */
export interface Snapshot {
  type: "snapshot";
  step: number;
  digest: string;
  loss: number | null;
  metric: number | null;
  dropped: readonly number[];
}
/**
 * What the training does; ``place`` counts those that wait, from 1, and is 0 otherwise.
 *
 * ``note`` is a sentence about why it is not running, or what changed, "" without one.
 */
export interface StatusMessage {
  type: "status";
  id: string;
  status: "waiting" | "starting" | "running" | "paused" | "finished" | "stopped" | "failed";
  place: number;
  step: number;
  note: string;
}
