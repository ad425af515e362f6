/**
 * The state of one pretended workspace: plain data and the clock and dice it was handed. Nothing is
 * shared between two of them, so several can live in one process.
 */
import { createFeed, type Feed } from '#sandbox/slack/feed.ts';
import type { ResponseUrl } from '#sandbox/slack/response-urls.ts';
import type { Seed } from '#sandbox/slack/seed.ts';
import type { Trigger } from '#sandbox/slack/triggers.ts';

export type Person = {
  readonly id: string;
  readonly teamId: string;
  readonly name: string;
  readonly realName: string;
  readonly title: string;
  readonly kind: 'member' | 'guest' | 'bot' | 'workflow_bot' | 'stranger';
  readonly deleted: boolean;
};

export type Group = {
  readonly id: string;
  readonly handle: string;
  readonly name: string;
  readonly members: readonly string[];
};

export type Channel = {
  readonly id: string;
  readonly name: string;
  readonly topic: string;
  readonly kind: 'channel' | 'private' | 'direct';
  readonly members: readonly string[];
  readonly archived: boolean;
  /** With another company, through Slack Connect. */
  readonly shared: boolean;
};

export type Block = { readonly type: string; readonly block_id: string } & {
  readonly [field: string]: unknown;
};

export type Message = {
  readonly channel: string;
  readonly ts: string;
  readonly threadTs?: string | undefined;
  readonly broadcast: boolean;
  readonly by: string;
  readonly text: string;
  readonly blocks: readonly Block[];
  readonly metadata?: unknown;
  readonly editedAtMs?: number;
  /** The one person an ephemeral message is for. */
  readonly onlyFor?: string | undefined;
  readonly reactions: readonly { readonly name: string; readonly users: readonly string[] }[];
  readonly pinned: boolean;
};

export type View = {
  readonly id: string;
  readonly type: 'modal' | 'home';
  readonly hash: string;
  readonly rootViewId: string;
  readonly previousViewId: string | null;
  readonly blocks: readonly Block[];
  readonly callbackId: string;
  readonly externalId: string;
  readonly privateMetadata: string;
  readonly title?: unknown;
  readonly submit?: unknown;
  readonly close?: unknown;
  readonly clearOnClose: boolean;
  readonly notifyOnClose: boolean;
  readonly submitDisabled: boolean;
};

export type WorkspaceDeps = {
  readonly clock: () => number;
  /** From 0 to just below 1. */
  readonly dice: () => number;
};

export type Workspace = WorkspaceDeps & {
  readonly team: Seed['team'];
  readonly app: Seed['app'];
  plan: Seed['plan'];
  readonly people: Map<string, Person>;
  readonly groups: Map<string, Group>;
  readonly channels: Map<string, Channel>;
  /** By channel, in the order of their ts. */
  readonly messages: Map<string, Message[]>;
  /** By person, the modal on top last. */
  readonly modals: Map<string, readonly View[]>;
  readonly homes: Map<string, View>;
  readonly triggers: Map<string, Trigger>;
  readonly responseUrls: Map<string, ResponseUrl>;
  readonly feed: Feed;
  lastTsMicros: number;
};

export function createWorkspace(seed: Seed, { clock, dice }: WorkspaceDeps): Workspace {
  return {
    clock,
    dice,
    team: seed.team,
    app: seed.app,
    plan: seed.plan,
    people: byId(seed.people),
    groups: byId(seed.groups),
    channels: byId(seed.channels),
    messages: new Map(seed.channels.map(({ id }) => [id, []])),
    modals: new Map(),
    homes: new Map(),
    triggers: new Map(),
    responseUrls: new Map(),
    feed: createFeed(clock()),
    lastTsMicros: 0,
  };
}

const byId = <One extends { readonly id: string }>(all: readonly One[]) =>
  new Map(all.map((one) => [one.id, one]));
