import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { configProblemLine, loadEnvFile, readConfig, VARIABLE_NAMES } from '#config.ts';

type Variables = Record<string, string>;

const SLACK = { SLACK_BOT_TOKEN: 'xoxb-1-bot', SLACK_SIGNING_SECRET: 'a-signing-secret' };

function configFrom(environment: Variables) {
  const config = readConfig(environment);
  if (!config.ok) throw new Error(config.refusal.map(configProblemLine).join('\n'));
  return config.value;
}

function problemsFrom(environment: Variables): readonly string[] {
  const config = readConfig(environment);
  return config.ok ? [] : config.refusal.map(configProblemLine);
}

describe('with nothing set', () => {
  test('the sandbox starts, on loopback and the documented ports', () => {
    expect(configFrom({})).toEqual({
      host: '127.0.0.1',
      port: 3000,
      agentPort: 3001,
      sandboxPort: 3002,
      databasePath: './data/signalman.db',
      configPath: './signalman.yml',
      logLevel: 'info',
      agentTokens: [],
      secrets: [],
    });
  });

  test('a variable that is there but blank counts as not set', () => {
    const blank = Object.fromEntries(VARIABLE_NAMES.map((name) => [name, ' ']));
    expect(configFrom(blank)).toEqual(configFrom({}));
  });
});

describe('Slack', () => {
  test('is talked to over HTTP once token and secret are set', () => {
    expect(configFrom(SLACK).slack).toEqual({
      botToken: 'xoxb-1-bot',
      signingSecret: 'a-signing-secret',
      apiUrl: 'https://slack.com/api/',
    });
  });

  test('is talked to over Socket Mode when there is an app token', () => {
    const { slack } = configFrom({ ...SLACK, SLACK_APP_TOKEN: 'xapp-1' });
    expect(slack?.appToken).toBe('xapp-1');
  });

  test('has its address completed with the slash that method names follow', () => {
    const { slack } = configFrom({ ...SLACK, SLACK_API_URL: 'http://127.0.0.1:9/api' });
    expect(slack?.apiUrl).toBe('http://127.0.0.1:9/api/');
  });

  test.each([
    ['SLACK_BOT_TOKEN', 'SLACK_SIGNING_SECRET'],
    ['SLACK_SIGNING_SECRET', 'SLACK_BOT_TOKEN'],
  ])('is an error with %s alone, which names %s', (set, missing) => {
    expect(problemsFrom({ [set]: 'something' })).toEqual([
      `${missing}: set it as well, or unset ${set} to start with the sandbox`,
    ]);
  });

  test('is an error with an app token alone, which names both others', () => {
    expect(problemsFrom({ SLACK_APP_TOKEN: 'xapp-1' })).toEqual([
      'SLACK_BOT_TOKEN: set it as well, or unset SLACK_APP_TOKEN to start with the sandbox',
      'SLACK_SIGNING_SECRET: set it as well, or unset SLACK_APP_TOKEN to start with the sandbox',
    ]);
  });

  test('points out two tokens that were swapped, without repeating them', () => {
    const swapped = { ...SLACK, SLACK_BOT_TOKEN: 'xapp-hush', SLACK_APP_TOKEN: 'xoxb-hush' };
    const problems = problemsFrom(swapped);
    expect(problems.map((line) => line.split(':')[0])).toEqual([
      'SLACK_BOT_TOKEN',
      'SLACK_APP_TOKEN',
    ]);
    expect(problems.join()).not.toContain('hush');
  });
});

describe('agent tokens', () => {
  test('are read with environment and scopes, and without their secret', () => {
    const { agentTokens } = configFrom({ AGENT_TOKENS: 'staging:evaluate+ingest:very-secret' });
    expect(agentTokens).toMatchObject([
      { environment: 'staging', scopes: new Set(['evaluate', 'ingest']) },
    ]);
    expect(JSON.stringify(agentTokens)).not.toContain('very-secret');
  });

  test.each(['0.0.0.0', '10.0.0.7', 'signalman.internal', '::'])(
    'are required when HOST is %s, which others can reach',
    (HOST) => {
      expect(problemsFrom({ HOST })).toEqual([
        `AGENT_TOKENS: HOST ${HOST} can be reached by others, so set environment:scope+scope:secret`,
      ]);
      expect(problemsFrom({ HOST, AGENT_TOKENS: 'production:metrics:very-secret' })).toEqual([]);
    },
  );

  test.each(['localhost', '127.0.0.2', '::1'])('are not required on %s', (HOST) => {
    expect(problemsFrom({ HOST })).toEqual([]);
  });
});

describe('problems', () => {
  test('are listed all at once, each naming its variable and what to do', () => {
    const problems = problemsFrom({
      SLACK_BOT_TOKEN: 'xoxb-1',
      SLACK_API_URL: 'ftp://slack.com',
      HOST: 'not a host',
      PORT: '80a',
      AGENT_PORT: '70000',
      AGENT_TOKENS: 'production:evaluate:short,production:fly:long-enough',
      LOG_LEVEL: 'loud',
    });
    expect(problems).toEqual([
      'SLACK_API_URL: write an address such as https://slack.com/api/',
      'HOST: write an address of this machine such as 127.0.0.1 or 0.0.0.0',
      'PORT: write a port number such as 3000',
      'AGENT_PORT: write a port number up to 65535',
      'AGENT_TOKENS: entry 1: the secret needs at least 8 characters',
      'AGENT_TOKENS: entry 2: unknown scope “fly”; there are evaluate, ingest, propose, kill, metrics',
      'LOG_LEVEL: choose one of trace, debug, info, warn, error, fatal, silent',
      'SLACK_SIGNING_SECRET: set it as well, or unset SLACK_BOT_TOKEN to start with the sandbox',
    ]);
  });

  test('include two ports that are the same, unless it is 0 for any free one', () => {
    expect(problemsFrom({ AGENT_PORT: '3000' })).toEqual([
      'AGENT_PORT: 3000 is taken by PORT; choose another',
    ]);
    expect(problemsFrom({ PORT: '0', AGENT_PORT: '0', SANDBOX_PORT: '0' })).toEqual([]);
  });

  test("leave out the sandbox's port when there is no sandbox", () => {
    expect(problemsFrom({ PORT: '3002' })).not.toEqual([]);
    expect(problemsFrom({ ...SLACK, PORT: '3002' })).toEqual([]);
  });
});

describe('.env', () => {
  test('has an example that names every variable, and nothing else, in the same order', () => {
    const example = readFileSync('.env.example', 'utf8');
    expect([...example.matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name)).toEqual(VARIABLE_NAMES);
  });

  test('has an example that leaves every default as it is', () => {
    const example = readFileSync('.env.example', 'utf8');
    const pairs = [...example.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [
      name,
      value,
    ]);
    expect(configFrom(Object.fromEntries(pairs))).toEqual(configFrom({}));
  });

  test('is loaded when it is there, and what is set already wins', () => {
    const folder = mkdtempSync(join(tmpdir(), 'signalman-env-'));
    const file = join(folder, '.env');
    const before = { ...process.env };
    try {
      writeFileSync(file, 'AGENT_PORT=4001\nSANDBOX_PORT=4002\n');
      process.env.AGENT_PORT = '5001';
      loadEnvFile(file);
      const { agentPort, sandboxPort } = configFrom({
        AGENT_PORT: process.env.AGENT_PORT,
        SANDBOX_PORT: process.env.SANDBOX_PORT ?? '',
      });
      expect({ agentPort, sandboxPort }).toEqual({ agentPort: 5001, sandboxPort: 4002 });
    } finally {
      process.env = before;
      rmSync(folder, { recursive: true });
    }
  });

  test('is not missed when it is not there', () => {
    expect(() => loadEnvFile('no-such-folder/.env')).not.toThrow();
  });
});

describe('a collector of OpenTelemetry', () => {
  const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318/' };

  test('gets nothing until it is named, and then counts alone', () => {
    expect(configFrom({ OTEL_TRACES_EXPORTER: 'otlp' }).otel).toBeUndefined();
    expect(configFrom(ENDPOINT).otel).toEqual({
      endpoint: 'http://127.0.0.1:4318',
      headers: {},
      serviceName: 'signalman',
      metrics: true,
      traces: false,
      metricsEveryMs: 60_000,
    });
    const asked = { OTEL_TRACES_EXPORTER: 'console,otlp', OTEL_METRICS_EXPORTER: 'none' };
    expect(configFrom({ ...ENDPOINT, ...asked }).otel).toMatchObject({
      metrics: false,
      traces: true,
    });
  });

  test('has headers whose values are secrets, also where they are wrong', () => {
    const OTEL_EXPORTER_OTLP_HEADERS = 'authorization=Bearer%20abc%2Cdef, x-team = a b';
    const { otel, secrets } = configFrom({ ...ENDPOINT, OTEL_EXPORTER_OTLP_HEADERS });
    expect(otel?.headers).toEqual({ authorization: 'Bearer abc,def', 'x-team': 'a b' });
    expect(secrets).toEqual(['abc,def', 'b']);
    expect(problemsFrom({ OTEL_EXPORTER_OTLP_HEADERS: 'a=b,s3cret' })).toEqual([
      'OTEL_EXPORTER_OTLP_HEADERS: entry 2 is not name=value with the value percent-encoded',
    ]);
  });
});
