/** What Slack's own schema checks, and what it misses. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

import { SHORTCUTS } from '#adapters/slack/action-ids.ts';
import { HOME_OPENED } from '#adapters/slack/inbound/home/on-home-opened.ts';
import { KILLSWITCH_USAGE } from '#adapters/slack/inbound/killswitch-syntax.ts';
import { COMMAND_NAMES } from '#adapters/slack/inbound/on-command.ts';
import { SHORTCUT_IDS } from '#adapters/slack/inbound/on-shortcut.ts';
import { ROLLOUT_USAGE } from '#adapters/slack/inbound/rollout-syntax.ts';
import { readManifest } from '#sandbox/slack/manifest.ts';

const text = readFileSync(new URL('../../manifest.yml', import.meta.url), 'utf8');
const file = parse(text);
const manifest = readManifest(text);

/** Nothing here may grow without somebody deciding it: each scope is one more thing to trust. */
const LEAST_SCOPES = [
  'commands',
  'chat:write',
  'users:read',
  'usergroups:read',
  'channels:history',
];
const KNOWN_KEYS = [
  ...['_metadata', 'app_directory', 'display_information', 'features', 'oauth_config', 'settings'],
  ...['functions', 'workflows', 'datastores', 'outgoing_domains', 'types'],
  ...['external_auth_providers', 'mcp_servers'],
];

describe('the manifest', () => {
  test('has only keys that Slack knows', () => {
    expect(Object.keys(file).filter((key) => !KNOWN_KEYS.includes(key))).toEqual([]);
  });

  test('asks for the least scopes', () => {
    expect(manifest.scopes).toEqual(LEAST_SCOPES);
  });

  test('subscribes to exactly the events that are listened to', () => {
    expect(manifest.events).toEqual([HOME_OPENED]);
    expect(manifest.homeTab).toBe(true);
  });

  test('names each command once, within the limits', () => {
    const commands = manifest.commands.map(({ command }) => command);
    expect(commands).toEqual(COMMAND_NAMES);
    for (const { command, description, usage_hint } of manifest.commands) {
      expect(command).toMatch(/^\/[a-z]{1,31}$/);
      expect(description.length).toBeLessThanOrEqual(2_000);
      expect(usage_hint.length).toBeLessThanOrEqual(1_000);
    }
  });

  test('hints at exactly the lines that the commands read', () => {
    const hints = manifest.commands.map(({ usage_hint }) => usage_hint);
    expect(hints).toEqual([ROLLOUT_USAGE.join(' | '), KILLSWITCH_USAGE.join(' | ')]);
  });

  test('has a bot user, a colour that is one, and names that fit', () => {
    const { name, description, background_color } = file.display_information;
    expect(name.length).toBeLessThanOrEqual(35);
    expect(description.length).toBeLessThanOrEqual(140);
    expect(background_color).toMatch(/^#[0-9a-f]{6}$/);
    expect(manifest.botName.length).toBeLessThanOrEqual(80);
  });

  test('sends everything to the one address Bolt listens on', () => {
    const urls = [
      ...file.features.slash_commands.map(({ url }: { url: string }) => url),
      file.settings.interactivity.request_url,
      file.settings.event_subscriptions?.request_url,
    ].filter(Boolean);
    expect(new Set(urls).size).toBe(1);
    expect(new URL(urls[0]).pathname).toBe('/slack/events');
  });

  test('offers exactly the shortcuts that are answered, each under a short name of its own', () => {
    const { shortcuts } = manifest;
    expect(shortcuts.map(({ callback_id }) => callback_id)).toEqual(SHORTCUT_IDS);
    expect(new Set(shortcuts.map(({ name }) => name)).size).toBe(shortcuts.length);
    expect(shortcuts.length).toBeLessThanOrEqual(10);
    for (const { name, description } of shortcuts) {
      expect(name.length).toBeLessThanOrEqual(24);
      expect(description.length).toBeLessThanOrEqual(150);
    }
  });

  test('offers on a message only what needs one', () => {
    const onMessages = manifest.shortcuts.filter(({ type }) => type === 'message');
    expect(onMessages.map(({ callback_id }) => callback_id)).toEqual([SHORTCUTS.rollbackReason]);
  });
});
