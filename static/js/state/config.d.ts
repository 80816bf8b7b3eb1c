/** Types of what the server tells the page once, when it is loaded. */

import type { TrainingConfig } from "./training.d.ts";
import type * as Wire from "../types.d.ts";
import type { ArrayName, Card, CellName, GruDocument, Input, MapName, NetworkPart, Quantity } from "./types.d.ts";

export interface Look { quantity: Quantity; t: number; unit: number }
/** A small picture of values, as levels of a colour map from 0 to 255, row by row, in base64. */
export interface Picture { map: MapName; rows: number; columns: number; data: string }
/** A network in the list of networks: how it was made, and what it does. `inputs` show it, the first one first on the page. */
export interface Listing {
  made: "trained" | "wired" | "untrained" | "file";
  family?: "text" | "numbers" | "memory";
  summary?: string;
  score?: { says: string; value: number; about: string };
  inputs?: readonly Input[];
  thumbnail?: Picture;
}
export interface Example {
  name: string;
  title: string;
  story: string;
  look: Look;
  alphabet: string | null;
  input_size: number;
  hidden_size: number;
  network: NetworkPart;
  card?: Card;
  document: GruDocument;
  listing: Listing;
}
export interface Limits {
  steps: number;
  hidden_size: number;
  input_size: number;
  weight: number;
  input_value: number;
  edits: number;
  message_bytes: number;
  file_bytes: number;
  table_bytes: number;
}
/** A published form: the switches that differ from their default, and its source. */
export interface FormChoice { name: string; title: string; form: Wire.Form; note: string }
export interface CellChoice { name: CellName; title: string; forms: FormChoice[] }
export type TourTask = { say: string } & (
  | { kind: "select"; t: number }
  | { kind: "type"; insert: string }
  | { kind: "hold"; quantity: Quantity; unit: number; t?: number; value: number }
  | { kind: "weight"; array: ArrayName; row: number; column: number; value: number; within: [number, number] }
  | { kind: "network"; network: string }
  | { kind: "train"; task: string; score: number }
);
/** The place of the network's answer. A negative `t` counts from the end. */
export interface TourAnswer { t: number }
/** A prediction: of a value from `low` to `high`, or without these of the class `text`. */
export interface TourOption { text: string; why: string; low?: number; high?: number }
export interface TourQuestion { ask: string; place: Look | TourAnswer; options: TourOption[] }
export interface TourPage {
  name: string;
  title: string;
  /** marked up; see tour/prose.js */
  text: string;
  document: GruDocument;
  look: Look;
  show: string[];
  panel: "input" | "output" | "plots" | "transport" | "cell" | "weights" | "number";
  task: TourTask;
  /** facts that must also hold for the page's confirmation to be true */
  given: TourFact[];
  /** the value or answer to quote when the task is done */
  quote: Look | TourAnswer | null;
  equation: Quantity | null;
  question: TourQuestion | null;
  /** the class whose output is taken apart when the page opens */
  output: number | null;
  inside: "diagram" | "units";
}
/** A value lies from `low` to `high`, at every step if there is no `t`. A negative `t` counts from the end. */
export interface TourValueFact { quantity: Quantity; unit: number; t?: number; low: number; high: number }
/** A value, or the class `says` that has the largest output at a step. */
export type TourFact = TourValueFact | { t: number; says: string };
/** A link on the last page, or the text between two links. */
export interface TourWay { kind: "example" | "glossary" | "open" | "code" | "text"; say: string; name: string }
/** The reader's place in the tour. `answers`: predictions by page. `aimed`: the name under the pointer in a text. */
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
  /** Whether the server takes model files from the page. */
  uploads: boolean;
  limits: Limits;
  examples: Example[];
  /** In the order of the menu, each with its default form first. */
  cells: CellChoice[];
  /** The titles of the tasks that draw their own data, on which a network can be scored. */
  tasks: Record<string, string>;
  default: string;
  tour: TourPage[];
  onward: TourWay[];
  glossary: GlossaryEntry[];
  socket: string;
  /** Null if the server trains nothing. */
  training: TrainingConfig | null;
}
