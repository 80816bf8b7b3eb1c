// Runs inside the page while benchmarks/page.py measures it: when an event came, when its run was on screen.
(() => {
  const probe = { inputs: [], sent: new Map(), paints: [], others: { "network-map": [], "output-plot": [] }, firstPaint: null, firstSettled: null };
  window.probe = probe;

  addEventListener("input", (event) => probe.inputs.push(event.timeStamp), true);

  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (text) {
    const run = /^\{"type":"(?:edit|open)","run":(\d+)/.exec(text);
    // Everything put in before this moment is in the run.
    if (run) probe.sent.set(Number(run[1]), probe.inputs.at(-1) ?? 0);
    return send.call(this, text);
  };

  // A task posted from a frame's own callback runs once that frame has been handed over.
  const after = new MessageChannel();
  const waiting = [];
  after.port1.onmessage = () => waiting.shift()(performance.now());
  const afterThisFrame = (then) => {
    waiting.push(then);
    after.port2.postMessage(null);
  };

  // How long each frame was on screen, while wanted.
  probe.frames = null;
  let last = 0;

  let painted;
  function frame(now) {
    probe.frames?.push(now - last);
    last = now;
    const plots = document.getElementById("plots");
    if (plots && plots.dataset.painted !== painted) {
      painted = plots.dataset.painted;
      const run = Number(painted);
      afterThisFrame((at) => {
        probe.firstPaint ??= at;
        probe.paints.push({ run, at });
      });
    }
    for (const [id, paints] of Object.entries(probe.others)) {
      const run = Number(document.getElementById(id)?.dataset.painted ?? NaN);
      if (!Number.isNaN(run) && paints.at(-1)?.run !== run) afterThisFrame((at) => paints.push({ run, at }));
    }
    if (plots?.dataset.settled) probe.firstSettled ??= performance.now();
    requestAnimationFrame(frame);
  }
  requestAnimationFrame(frame);

  // For how long each event was on its way: until a painted run held it.
  probe.latencies = (id = null) => {
    const waits = [];
    const paints = id === null ? probe.paints : probe.others[id];
    for (const input of probe.inputs) {
      const paint = paints.find(({ run }) => (probe.sent.get(run) ?? -1) >= input);
      waits.push(paint ? paint.at - input : null);
    }
    return waits;
  };
  probe.clear = () => {
    probe.inputs.length = 0;
    probe.paints.length = 0;
    for (const paints of Object.values(probe.others)) paints.length = 0;
    probe.sent.clear();
  };
})();
