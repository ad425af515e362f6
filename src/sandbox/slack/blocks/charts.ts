/** `data_visualization`: each series has exactly one point per category, in the categories' words. */
import { z } from 'zod';

import { text } from '#sandbox/slack/blocks/text-objects.ts';

const SERIES_MAX = 6;
const CATEGORIES_MAX = 20;
const label = text(20);
const axisLabel = text(50).optional();

const series = z.strictObject({
  name: label,
  data: z.array(z.strictObject({ label, value: z.number() })).min(1),
});

const axisChart = z
  .strictObject({
    type: z.enum(['line', 'bar', 'area']),
    series: z.array(series).min(1).max(SERIES_MAX),
    axis_config: z.strictObject({
      categories: z.array(label).min(1).max(CATEGORIES_MAX),
      x_label: axisLabel,
      y_label: axisLabel,
    }),
  })
  .superRefine(({ series, axis_config: { categories } }, { addIssue }) => {
    const names = series.map(({ name }) => name);
    if (new Set(names).size < names.length) {
      addIssue({ code: 'custom', path: ['series'], message: 'series names must be unique' });
    }
    series.forEach(({ data }, index) => {
      const asCategories =
        data.length === categories.length &&
        data.every((point, at) => point.label === categories[at]);
      if (asCategories) return;
      const message = 'must have one point per category, with labels equal to the categories';
      addIssue({ code: 'custom', path: ['series', index, 'data'], message });
    });
  });

const pieChart = z.strictObject({
  type: z.literal('pie'),
  segments: z
    .array(z.strictObject({ label, value: z.number().gt(0, 'must be greater than 0') }))
    .min(1)
    .max(SERIES_MAX),
});

export const chartTitle = text(50);
export const chart = z.discriminatedUnion('type', [axisChart, pieChart]);
