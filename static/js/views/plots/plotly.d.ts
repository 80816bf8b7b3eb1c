/** What plots.js uses of plotly.js. */
declare const Plotly: {
  downloadImage(figure: { data: object[]; layout: object; config: object }, options: object): Promise<string>;
  react(host: HTMLElement, traces: object[], layout: object, config: object): Promise<unknown>;
};
