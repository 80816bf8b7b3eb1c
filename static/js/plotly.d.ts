/** What plots.js uses of plotly.js. */
declare const Plotly: {
  react(host: HTMLElement, traces: object[], layout: object, config: object): Promise<unknown>;
};
