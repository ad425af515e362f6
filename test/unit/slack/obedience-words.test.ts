import { describe, expect, test } from 'vitest';
import type { Obedience } from '#adapters/agents/obedience.ts';
import { obedienceWords } from '#adapters/slack/inbound/obedience-words.ts';
import { noon } from '#test/support/builders.ts';

const heard = (about: Partial<Obedience>) =>
  obedienceWords('writes', { streams: 0, ms: 0, namesAsked: [], lastAskedAt: noon, ...about }, noon)
    .words;

describe('who obeys a kill', () => {
  test('is told for those who are connected and those who ask', () => {
    expect(heard({ streams: 12, ms: 34, pollers: { clients: 3, everyMs: 10_000 } })).toBe(
      '12 connected agents were told within 34 ms. 3 more ask every 10 s.',
    );
    expect(heard({ streams: 1, ms: 0.2 })).toBe('1 connected agent was told within 1 ms.');
  });

  test('is told in plain words where somebody asks all the time', () => {
    expect(heard({ pollers: { clients: 1, everyMs: 16 } })).toBe(
      'No agent holds an open stream. 1 agent asks several times a second.',
    );
  });
});
