// Make tests/gru_core/files/keras/tfjs: models that TensorFlow.js saved, with what it computed.
//
//     npm install --no-save @tensorflow/tfjs && node scripts/make_tfjs_files.mjs

import { mkdirSync, writeFileSync } from "node:fs";

import * as tf from "@tensorflow/tfjs";

const FOLDER = new URL("../tests/gru_core/files/keras/tfjs/", import.meta.url);
const { layers: L } = tf;
const whole = { units: 2, returnSequences: true };

/** Each model, and its input. */
const MODELS = {
  chain: () => [
    tf.sequential({
      layers: [
        L.bidirectional({ layer: L.lstm(whole), mergeMode: "concat", inputShape: [null, 3] }),
        L.dropout({ rate: 0.3 }),
        L.gru({ ...whole, recurrentActivation: "sigmoid" }),
        L.timeDistributed({ layer: L.dense({ units: 3, activation: "softmax" }) }),
      ],
    }),
    tf.randomUniform([2, 5, 3], -1.5, 1.5, "float32", 3),
  ],
  text: () => {
    const start = tf.input({ shape: [null], dtype: "int32" });
    let flow = L.embedding({ inputDim: 7, outputDim: 3 }).apply(start);
    flow = L.simpleRNN({ ...whole, activation: "softsign" }).apply(flow);
    flow = L.batchNormalization().apply(flow);
    flow = L.lstm({ ...whole, goBackwards: true }).apply(flow);
    flow = L.lstm({ units: 2 }).apply(flow);
    flow = L.dense({ units: 1, activation: "sigmoid" }).apply(flow);
    return [tf.model({ inputs: start, outputs: flow }), tf.tensor2d([[1, 4, 0, 6, 2], [3, 3, 5, 1, 0]], [2, 5], "int32")];
  },
};

for (const [name, make] of Object.entries(MODELS)) {
  const [model, x] = make();
  model.setWeights(
    model.weights.map(({ name, shape }, i) => {
      const drawn = tf.randomUniform(shape, -0.9, 0.9, "float32", i + 1);
      return name.includes("variance") ? drawn.abs() : drawn;
    }),
  );
  const folder = new URL(`${name}/`, FOLDER);
  mkdirSync(folder, { recursive: true });
  await model.save(
    tf.io.withSaveHandler(async ({ modelTopology, weightSpecs, weightData, format, generatedBy, convertedBy }) => {
      const weightsManifest = [{ paths: ["weights.bin"], weights: weightSpecs }];
      writeFileSync(new URL("model.json", folder), JSON.stringify({ modelTopology, format, generatedBy, convertedBy, weightsManifest }));
      writeFileSync(new URL("weights.bin", folder), Buffer.from(tf.io.CompositeArrayBuffer.join(weightData)));
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: "JSON" } };
    }),
  );
  const output = /** @type {tf.Tensor} */ (model.predict(x));
  writeFileSync(new URL("expected.json", folder), JSON.stringify({ x: x.arraySync(), output: output.arraySync() }));
}
console.log(tf.version["tfjs"]);
