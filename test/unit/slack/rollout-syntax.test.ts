import { describe, expect, test } from 'vitest';
import { readKillswitch } from '#adapters/slack/inbound/killswitch-syntax.ts';
import {
  ROLLOUT_USAGE,
  readFlagValue,
  readRollout,
} from '#adapters/slack/inbound/rollout-syntax.ts';

const understood = (text: string) => {
  const read = readRollout(text);
  return read.ok ? read.value : read.refusal.problem;
};
const usageFor = (text: string) => {
  const read = readRollout(text);
  return read.ok ? 'understood' : read.refusal.usage;
};

describe('/rollout understands', () => {
  test.each([
    [
      'start support-agent 2.4.0',
      { ask: 'start', service: 'support-agent', version: '2.4.0', note: '' },
    ],
    [
      'start support-agent@2.4.0 blue-green new tool schema',
      {
        ask: 'start',
        service: 'support-agent',
        version: '2.4.0',
        strategy: 'blue-green',
        note: 'new tool schema',
      },
    ],
    [
      '  START   Support-Agent   2.4.0   BlueGreen',
      {
        ask: 'start',
        service: 'support-agent',
        version: '2.4.0',
        strategy: 'blue-green',
        note: '',
      },
    ],
    ['status', { ask: 'status', service: '' }],
    ['status support-agent/staging', { ask: 'status', service: 'support-agent/staging' }],
    ['list', { ask: 'list' }],
    ['drill support-agent', { ask: 'drill', service: 'support-agent' }],
    ['promote support-agent', { ask: 'promote', service: 'support-agent' }],
    [
      'pause support-agent too slow today',
      { ask: 'pause', service: 'support-agent', reason: 'too slow today' },
    ],
    ['resume support-agent', { ask: 'resume', service: 'support-agent', reason: '' }],
    [
      'rollback support-agent 2.3.2 it is rude',
      { ask: 'rollback', service: 'support-agent', version: '', reason: '2.3.2 it is rude' },
    ],
    [
      'rollback support-agent@2.3.2 it is rude',
      { ask: 'rollback', service: 'support-agent', version: '2.3.2', reason: 'it is rude' },
    ],
    [
      'unlock support-agent 2.4.0 the prompt is fixed',
      { ask: 'unlock', service: 'support-agent', version: '2.4.0', reason: 'the prompt is fixed' },
    ],
    [
      'whois support-agent ana@example.com',
      { ask: 'whois', service: 'support-agent', key: 'ana@example.com' },
    ],
    ['flag list', { ask: 'flag_list' }],
    ['flag set new-answers 25%', { ask: 'flag_set', key: 'new-answers', value: '25%' }],
    ['flag set new-answers 25 %', { ask: 'flag_set', key: 'new-answers', value: '25%' }],
    ['flag allow Answers u1 u2', { ask: 'flag_allow', key: 'Answers', users: ['u1', 'u2'] }],
    ['flag disallow answers u1', { ask: 'flag_disallow', key: 'answers', users: ['u1'] }],
    ['flag archive answers', { ask: 'flag_archive', key: 'answers' }],
    ['help', { ask: 'help' }],
  ])('%s', (text, request) => {
    expect(understood(text)).toEqual(request);
  });
});

describe('/rollout asks for what is missing', () => {
  test.each([
    ['start', 'Which service?'],
    ['start support-agent', 'Which version?'],
    ['pause', 'Which service?'],
    ['unlock support-agent 2.4.0', 'Please say why, in a few words.'],
    ['flag allow answers', 'For whom? Name at least one targeting key.'],
    ['whois support-agent', 'Which key?'],
    ['promote support-agent now please', 'I cannot place “now please”.'],
  ])('%s', (text, problem) => {
    expect(understood(text)).toBe(problem);
  });
});

describe('/rollout shows the usage of what was meant', () => {
  test.each([
    ['stauts', ['status [service]']],
    ['rolback support-agent', ['rollback <service> [version] [reason]']],
    ['resum support-agent', ['pause|resume <service> [reason]']],
    ['flag', ROLLOUT_USAGE.filter((line) => line.startsWith('flag '))],
    ['flag alow answers u1', ['flag allow|disallow <key> <user>…']],
    ['deploy everything', ROLLOUT_USAGE],
  ])('%s', (text, usage) => {
    expect(usageFor(text)).toEqual(usage);
  });

  test('and what was typed cannot become a link or a mention', () => {
    expect(understood('<!channel>')).toBe('I do not know “&lt;!channel&gt;”.');
  });
});

describe('a setting of a flag', () => {
  test.each([
    ['on', { state: 'on', percent: 100 }],
    ['OFF', { state: 'off', percent: 0 }],
    ['Activate', { state: 'on', percent: 100 }],
    ['deactivate', { state: 'off', percent: 0 }],
    ['25%', { state: 'percentage', percent: 25 }],
    ['100%', { state: 'percentage', percent: 100 }],
  ])('may be %s', (text, value) => {
    expect(readFlagValue(text)).toEqual(value);
  });
  test.each(['101%', '2.5%', '25', '-1%', 'half', ''])('may not be “%s”', (text) => {
    expect(readFlagValue(text)).toBeUndefined();
  });
});

describe('/killswitch understands', () => {
  test.each([
    ['on writes they are wrong', { ask: 'on', name: 'writes', reason: 'they are wrong' }],
    ['activate Writes they are wrong', { ask: 'on', name: 'writes', reason: 'they are wrong' }],
    ['on kill.writes wrong', { ask: 'on', name: 'writes', reason: 'wrong' }],
    ['off writes', { ask: 'off', name: 'writes', reason: '' }],
    ['deactivate writes fixed', { ask: 'off', name: 'writes', reason: 'fixed' }],
    ['list', { ask: 'list' }],
    ['help', { ask: 'help' }],
  ])('%s', (text, request) => {
    expect(readKillswitch(text)).toEqual({ ok: true, value: request });
  });

  test('that a kill says why', () => {
    expect(readKillswitch('on writes')).toEqual({
      ok: false,
      refusal: {
        problem: 'Please say why, in a few words.',
        usage: ['on <name> <reason…>'],
      },
    });
  });
});
