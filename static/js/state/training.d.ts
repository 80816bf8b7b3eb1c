/** Types of a training as the page knows it. */

import type * as Wire from "../types.d.ts";

export type TrainingSpec = Wire.TrainingSpec;
export type TrainingMessage = Wire.StatusMessage | Wire.Ready | Wire.Progress | Wire.Snapshot | Wire.Rewound | Wire.ErrorMessage | Wire.Pong;
export type TrainingReady = Wire.Ready;
export type TrainingPoint = Wire.Point;
/** A snapshot from which to go on, with the edits that become part of it. */
export type TrainingOrigin = Wire.Origin;
/** The network after a step. */
export type TrainingSnapshot = Pick<Wire.Snapshot, "step" | "digest" | "loss" | "metric">;
/** A field of the form, as the server names it, and what is wrong with it. */
export interface TrainingFault { field: string; message: string }

export interface Training {
  /** Identifies the training after a reload, null before the server named it. */
  id: string | null;
  /** "none" before the first, "asked" until the server answers. */
  status: Wire.StatusMessage["status"] | "none" | "asked" | "lost";
  /** The place among those that wait, from 1. */
  place: number;
  step: number;
  /** A sentence about the status. */
  note: string;
  spec: TrainingSpec | null;
  ready: TrainingReady | null;
  points: readonly TrainingPoint[];
  snapshots: readonly TrainingSnapshot[];
  /** Digests of all its snapshots, also of those that are gone. */
  digests: Readonly<Record<string, true>>;
  seconds: number;
  left: number | null;
  fault: TrainingFault | null;
  /** Whether the page shows each new snapshot. */
  following: boolean;
  /** Whether the next snapshot is shown whatever the page shows now: after a start, and after resuming with edits. */
  due: boolean;
  /** Whether the snapshots are played one after the other. */
  playing: boolean;
  /** Whether the form is open although there is a training. */
  setup: boolean;
}

/** What can be trained, as the server says. */
export interface TrainingConfig {
  socket: string;
  tasks: TrainingTask[];
  limits: { hidden_size: number; layers: number; batch: number; steps: number; setting: number; rate: number };
}
export interface TrainingTask {
  name: string;
  title: string;
  about: string;
  metric: "accuracy" | "error";
  /** Null if it depends on the data. */
  chance: number | null;
  /** Data of the reader's own that it cannot do without. */
  needs: "text" | "labels" | null;
  /** Whether it also learns a series of the reader's own. */
  reads_table: boolean;
  reads_back: boolean;
  settings: Record<string, number>;
  /** What works for it. */
  recipe: Partial<TrainingSpec>;
}
