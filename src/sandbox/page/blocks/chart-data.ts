/** The data of Slack's chart block. */

export type Series = {
  readonly name: string;
  readonly data: readonly { readonly label: string; readonly value: number }[];
};
export type PlotData = {
  readonly type: 'line' | 'bar' | 'area';
  readonly series: readonly Series[];
  readonly axis_config: {
    readonly categories: readonly string[];
    readonly x_label?: string;
    readonly y_label?: string;
  };
};
export type PieData = {
  readonly type: 'pie';
  readonly segments: readonly { readonly label: string; readonly value: number }[];
};

/** Not yet in @slack/types 3.2.0. */
export type DataVisualization = {
  readonly type: 'data_visualization';
  readonly title: string;
  readonly chart: PlotData | PieData;
};
