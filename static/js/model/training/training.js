/** What the page knows of its training, and how each message of the server changes that. Pure functions. */

/** @import {Training, TrainingMessage, TrainingSnapshot, TrainingSpec} from "../../types.d.ts" */

/** @type {Training} */
export const NO_TRAINING = Object.freeze({
  id: null, status: "none", place: 0, step: 0, note: "", spec: null, ready: null, points: [], snapshots: [], digests: {}, seconds: 0, left: null,
  fault: null, following: true, due: false, playing: false, setup: false,
});

/** Statuses in which the server works on the training or is about to. */
const BUSY = ["asked", "waiting", "starting", "running"];
/** Statuses from which a training can go on. */
const RESUMABLE = ["paused", "finished", "stopped", "failed"];

/** @param {Training} training */
export function isBusy({ status }) {
  return BUSY.includes(status);
}

/** @param {Training} training */
export function canResume({ status, snapshots }) {
  return RESUMABLE.includes(status) && snapshots.length > 0;
}

/**
 * A training that the server has been asked for. The one before stays until it answers.
 * @param {Training} training
 * @param {TrainingSpec} spec
 * @returns {Training}
 */
export function asked(training, spec) {
  return { ...training, status: "asked", spec, note: "", fault: null };
}

/**
 * @param {Training} training
 * @param {TrainingMessage} message
 * @returns {Training}
 */
export function told(training, message) {
  switch (message.type) {
    case "status": {
      const { id, status, place, step, note } = message;
      const mine = id === training.id ? training : begun(training, message);
      return { ...mine, status, place, step, note, fault: null };
    }
    case "ready":
      // Also the beginning of what a page that attaches again is told once more.
      return { ...training, ready: message, spec: message.training, points: [], snapshots: [] };
    case "progress":
      return { ...training, step: message.step, seconds: message.seconds, left: message.left, points: [...training.points, ...message.points] };
    case "snapshot":
      return withSnapshot(training, message);
    case "rewound":
      return {
        ...training,
        step: message.step,
        points: training.points.filter(({ step }) => step <= message.step),
        snapshots: training.snapshots.filter(({ step }) => step <= message.step),
      };
    case "error":
      return refused(training, message);
    default:
      return training;
  }
}

/**
 * A training that was asked for, or that a reloaded page finds again. Only the first shows itself in place of what the page shows.
 * @param {Training} training
 * @param {Extract<TrainingMessage, {type: "status"}>} message
 * @returns {Training}
 */
function begun({ status, spec }, message) {
  const due = status === "asked";
  return { ...NO_TRAINING, id: message.id, spec, due, following: due || BUSY.includes(message.status) };
}

/**
 * @param {Training} training
 * @param {Extract<TrainingMessage, {type: "snapshot"}>} message
 * @returns {Training}
 */
function withSnapshot(training, { step, digest, loss, metric, dropped }) {
  const gone = new Set(dropped);
  const kept = training.snapshots.filter((one) => !gone.has(one.step));
  return { ...training, snapshots: [...kept, { step, digest, loss, metric }], digests: { ...training.digests, [digest]: true } };
}

/**
 * @param {Training} training
 * @param {Extract<TrainingMessage, {type: "error"}>} error
 * @returns {Training}
 */
function refused(training, { code, field, message }) {
  if (training.status === "asked") return { ...training, status: training.ready === null ? "none" : "stopped", fault: { field: field ?? "", message } };
  if (code === "no_training") return { ...training, id: null, status: training.ready === null ? "none" : "lost", note: ENDED, playing: false };
  return { ...training, note: message };
}

const ENDED = "The server has ended this training, because the page was away for too long or the server was restarted. What it had learnt so far can still be looked at here while the server keeps it. Train again makes the same steps from the first on, with the same data and seed, but without the changes that you made on the way.";

/**
 * The index of the snapshot that a document shows, −1 if it shows none.
 * @param {Training} training
 * @param {string | null} digest
 */
export function indexOf({ snapshots }, digest) {
  return snapshots.findIndex((one) => one.digest === digest);
}

/**
 * The newest snapshot.
 * @param {Training} training
 * @returns {TrainingSnapshot | null}
 */
export function newestOf({ snapshots }) {
  return snapshots.at(-1) ?? null;
}

/**
 * The most recent score at or before a step.
 * @param {Training} training
 * @param {number} step
 * @returns {number | null}
 */
export function scoreAt({ points }, step) {
  return points.findLast((point) => point.metric !== null && point.step <= step)?.metric ?? null;
}
