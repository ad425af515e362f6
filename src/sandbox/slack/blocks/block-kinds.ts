/** Every block with its limits and the surfaces it may stand on. */
import { z } from 'zod';

import { chart, chartTitle } from '#sandbox/slack/blocks/charts.ts';
import * as part from '#sandbox/slack/blocks/composition-objects.ts';
import type { Holder } from '#sandbox/slack/blocks/element-kind.ts';
import { elementsIn } from '#sandbox/slack/blocks/elements.ts';
import { oneByType } from '#sandbox/slack/blocks/one-by-type.ts';
import { richText } from '#sandbox/slack/blocks/rich-text.ts';
import { EVERYWHERE, type Surface } from '#sandbox/slack/blocks/surface.ts';
import { dataTable, table } from '#sandbox/slack/blocks/tables.ts';
import { anyText, mrkdwn, plainText, text, url } from '#sandbox/slack/blocks/text-objects.ts';

type BlockKind = {
  readonly on: readonly Surface[];
  readonly shape: (surface: Surface) => z.ZodType;
};

const block = <Type extends string, Fields extends z.ZodRawShape>(type: Type, fields: Fields) =>
  z.strictObject({ type: z.literal(type), block_id: text(255).optional(), ...fields });

const always = (on: readonly Surface[], shape: z.ZodType): BlockKind => ({
  on,
  shape: () => shape,
});

const image = z
  .strictObject({ type: z.literal('image'), alt_text: text(2_000), ...part.imageSource })
  .refine(part.hasOneSource, part.ONE_SOURCE);

const card = block('card', {
  hero_image: image.optional(),
  icon: image.optional(),
  title: mrkdwn(150).optional(),
  subtitle: mrkdwn(150).optional(),
  body: mrkdwn(200).optional(),
  actions: z
    .array(oneByType(elementsIn('actions', 'message')))
    .max(2)
    .optional(),
});

const taskCard = block('task_card', {
  task_id: text(255),
  title: text(150),
  details: richText.optional(),
  output: richText.optional(),
  sources: z.array(z.strictObject({ type: z.literal('url'), url, text: text(150) })).optional(),
  status: z.enum(['pending', 'in_progress', 'complete', 'error']),
});

const elements = (holder: Holder, surface: Surface, max: number) =>
  z
    .array(oneByType(elementsIn(holder, surface)))
    .min(1)
    .max(max);

const NOT_IN_MODALS = ['message', 'home'] as const;
const MESSAGES = ['message'] as const;

/** What a container may hold; a container in a container is not among it. */
const CHILDREN =
  'actions context divider header image input rich_text section table video data_visualization';

const BLOCKS: Readonly<Record<string, BlockKind>> = {
  section: {
    on: EVERYWHERE,
    shape: (surface) =>
      block('section', {
        text: anyText().optional(),
        fields: z.array(anyText(2_000)).min(1).max(10).optional(),
        accessory: oneByType(elementsIn('section', surface)).optional(),
        expand: z.boolean().optional(),
      }).refine((section) => section.text || section.fields, 'must have text or fields'),
  },
  header: always(
    EVERYWHERE,
    block('header', { text: plainText(150), level: z.int().min(1).max(4).optional() }),
  ),
  divider: always(EVERYWHERE, block('divider', {})),
  context: {
    on: EVERYWHERE,
    shape: (surface) => block('context', { elements: elements('context', surface, 10) }),
  },
  actions: {
    on: EVERYWHERE,
    shape: (surface) => block('actions', { elements: elements('actions', surface, 25) }),
  },
  input: {
    on: EVERYWHERE,
    shape: (surface) =>
      block('input', {
        label: plainText(2_000),
        hint: plainText(2_000).optional(),
        optional: z.boolean().optional(),
        dispatch_action: z.boolean().optional(),
        element: oneByType(elementsIn('input', surface)),
      }),
  },
  image: always(
    EVERYWHERE,
    block('image', {
      alt_text: text(2_000),
      title: plainText(2_000).optional(),
      ...part.imageSource,
    }).refine(part.hasOneSource, part.ONE_SOURCE),
  ),
  rich_text: always(EVERYWHERE, richText),
  video: always(
    EVERYWHERE,
    block('video', {
      video_url: url,
      thumbnail_url: url,
      alt_text: text(2_000),
      title: plainText(200),
      title_url: url.optional(),
      author_name: text(50).optional(),
      provider_name: z.string().optional(),
      provider_icon_url: url.optional(),
      description: plainText(200).optional(),
    }),
  ),
  context_actions: {
    on: MESSAGES,
    shape: (surface) =>
      block('context_actions', { elements: elements('context_actions', surface, 5) }),
  },
  markdown: always(MESSAGES, block('markdown', { text: text(12_000) })),
  table: always(MESSAGES, block('table', table)),
  data_table: always(MESSAGES, block('data_table', dataTable)),
  data_visualization: always(
    NOT_IN_MODALS,
    block('data_visualization', { title: chartTitle, chart }),
  ),
  alert: always(
    ['modal'],
    block('alert', {
      text: anyText(200),
      level: z.enum(['default', 'info', 'warning', 'error', 'success']).optional(),
    }),
  ),
  card: always(NOT_IN_MODALS, card),
  carousel: always(NOT_IN_MODALS, block('carousel', { elements: z.array(card).min(1).max(10) })),
  container: {
    on: NOT_IN_MODALS,
    shape: (surface) =>
      block('container', {
        title: plainText(150).optional(),
        rich_text_title: richText.optional(),
        subtitle: anyText(150).optional(),
        child_blocks: z
          .array(oneByType(childrenOn(surface)))
          .min(1)
          .max(10),
        width: z.enum(['narrow', 'standard', 'wide', 'full']).optional(),
        icon: image.optional(),
        is_collapsible: z.boolean().optional(),
        default_collapsed: z.boolean().optional(),
        has_header_divider: z.boolean().optional(),
      }).refine((it) => it.title || it.rich_text_title, 'must have a title'),
  },
  task_card: always(MESSAGES, taskCard),
  plan: always(
    MESSAGES,
    block('plan', { title: text(150), tasks: z.array(taskCard).min(1).max(50).optional() }),
  ),
};

type Shapes = Readonly<Record<string, z.ZodType>>;

function shapesOn(surface: Surface): Shapes {
  const fitting = Object.entries(BLOCKS).filter(([, kind]) => kind.on.includes(surface));
  return Object.fromEntries(fitting.map(([type, { shape }]) => [type, shape(surface)]));
}

function childrenOn(surface: Surface): Shapes {
  const children = Object.entries(BLOCKS)
    .filter(([type, kind]) => CHILDREN.split(' ').includes(type) && kind.on.includes(surface))
    .map(([type, { shape }]) => [type, shape(surface)] as const);
  return Object.fromEntries(children);
}

const BLOCKS_MAX = { message: 50, modal: 100, home: 100 } as const;

const blocksOn = (surface: Surface) =>
  z.array(oneByType(shapesOn(surface))).max(BLOCKS_MAX[surface]);

/** Built once: the tables are the same for every stand-in. */
export const BLOCKS_ON = {
  message: blocksOn('message'),
  modal: blocksOn('modal'),
  home: blocksOn('home'),
} as const;
