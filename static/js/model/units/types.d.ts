/** Types of the network's scores without each of its units. */

import type * as Wire from "../../types.d.ts";
import type { GruDocument } from "../../types.d.ts";

/** What a card says of the training; `settings` are those of the task. */
export interface CardTraining {
  task: string;
  settings?: Readonly<Record<string, unknown>>;
  seed?: number;
  score?: number;
  metric?: string;
  chance?: number;
  command?: string;
}
/** A task on which a network can be scored. */
export interface FreshTask { task: string; title: string; settings: Readonly<Record<string, number>> }

export type UnitMessage = Wire.Scored | Wire.Ablated | Wire.Ended;

/** A measurement: `asked` until the server has the message, then `running`, and in the end `done`, `stopped` or `failed`. */
export interface Ablation {
  status: "asked" | "running" | "done" | "stopped" | "failed";
  /** The document whose network was measured, null until then. */
  document: GruDocument | null;
  whole: Wire.Scored | null;
  /** Scores without a unit, by `layer.direction` and unit. */
  scores: Readonly<Record<string, Readonly<Record<number, number>>>>;
  /** How many units were left out so far. */
  measured: number;
  /** Why it failed. */
  fault: string | null;
}

export type AblationAction =
  | { type: "units asked" }
  | { type: "units stopped" }
  | { type: "units sent"; document: GruDocument }
  | { type: "units said"; message: UnitMessage }
  | { type: "units failed"; fault: string };
