// The only reader of the environment: variables in, one settled Config out, all problems at once.

import { existsSync } from 'node:fs';
import { z } from 'zod';
import { type AgentToken, readAgentTokens, secretsInTokens } from '#adapters/agents/agent-token.ts';
import { type OtelConfig, readOtelHeaders } from '#adapters/otel/otel-config.ts';
import { no, type Result, yes } from '#domain/result.ts';

export type SlackConfig = {
  readonly botToken: string;
  readonly signingSecret: string;
  /** Present: Socket Mode. Absent: Slack sends its requests to HOST and PORT. */
  readonly appToken?: string;
  readonly apiUrl: string;
};

export type Config = {
  /** Absent: Signalman starts its own local Slack workspace, the sandbox. */
  readonly slack?: SlackConfig;
  readonly host: string;
  readonly port: number;
  readonly agentPort: number;
  readonly sandboxPort: number;
  readonly databasePath: string;
  readonly configPath: string;
  readonly logLevel: LogLevel;
  /** Empty only on loopback, where callers of this machine have every scope. */
  readonly agentTokens: readonly AgentToken[];
  /** Absent: nothing is sent to a collector of OpenTelemetry. */
  readonly otel?: OtelConfig;
  /** Whatever of these variables must not be seen in anything that is said. */
  readonly secrets: readonly string[];
};

export type ConfigProblem = { readonly variable: string; readonly problem: string };

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

type Environment = Readonly<Record<string, string | undefined>>;

const PORT_MAX = 65_535;
/** The socket of the command line stands beside the database, and systems take no longer names. */
const DATABASE_PATH_BYTES_MAX = 98;
const HOST_NAME = /^(?=.{1,253}$)[a-zA-Z0-9._:%-]+$/;
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/i;

const port = (fallback: number) =>
  z
    .string()
    .regex(/^\d{1,5}$/, 'write a port number such as 3000')
    .transform(Number)
    .refine((number) => number <= PORT_MAX, `write a port number up to ${PORT_MAX}`)
    .default(fallback);

const path = (fallback: string) => z.string().default(fallback);

const tokenThatIs = (wanted: string, mistaken: RegExp, remedy: string) =>
  z
    .string()
    .refine((token) => !mistaken.test(token), `this is not the ${wanted}: ${remedy}`)
    .optional();

/** Lists of exporters may name others, which are for other programs. */
const isOtlpIn = (fallback: string) =>
  z
    .string()
    .default(fallback)
    .transform((list) => list.split(',').some((one) => one.trim() === 'otlp'));

/** The one list of variables; `.env.example` and the docs are compared with it. */
const VARIABLES = z.object({
  SLACK_BOT_TOKEN: tokenThatIs(
    'bot token',
    /^xox[pae]-|^xapp-/,
    'copy the one that begins with xoxb- from “OAuth & Permissions”',
  ),
  SLACK_SIGNING_SECRET: tokenThatIs(
    'signing secret',
    /^xox[bpae]-|^xapp-/,
    'copy “Signing Secret” from “Basic Information”, it is no token',
  ),
  SLACK_APP_TOKEN: tokenThatIs(
    'app-level token',
    /^xox[bpae]-/,
    'create one that begins with xapp- under “Basic Information”, with connections:write',
  ),
  SLACK_API_URL: z
    .url({ protocol: /^https?$/, error: 'write an address such as https://slack.com/api/' })
    // Method names are appended to it, so that without the slash /api would be lost.
    .transform((url) => (url.endsWith('/') ? url : `${url}/`))
    .default('https://slack.com/api/'),
  HOST: z
    .string()
    .regex(HOST_NAME, 'write an address of this machine such as 127.0.0.1 or 0.0.0.0')
    .default('127.0.0.1'),
  PORT: port(3000),
  AGENT_PORT: port(3001),
  SANDBOX_PORT: port(3002),
  DATABASE_PATH: z
    .string()
    .refine(
      (file) => Buffer.byteLength(file) <= DATABASE_PATH_BYTES_MAX,
      `write at most ${DATABASE_PATH_BYTES_MAX} bytes; a path from the working directory is shorter`,
    )
    .default('./data/signalman.db'),
  CONFIG_PATH: path('./signalman.yml'),
  AGENT_TOKENS: z
    .string()
    .transform((text, { issues }): readonly AgentToken[] => {
      const tokens = readAgentTokens(text);
      if (tokens.ok) return tokens.value;
      for (const message of tokens.refusal) issues.push({ code: 'custom', message, input: text });
      return z.NEVER;
    })
    .default([]),
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ protocol: /^https?$/, error: 'write an address such as http://127.0.0.1:4318' })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  OTEL_EXPORTER_OTLP_HEADERS: z
    .string()
    .transform((text, { issues }) => {
      const headers = readOtelHeaders(text);
      if (headers.ok) return headers.value;
      // The value is a secret, so it is not repeated.
      issues.push({ code: 'custom', message: headers.refusal, input: '' });
      return z.NEVER;
    })
    .default({}),
  OTEL_METRICS_EXPORTER: isOtlpIn('otlp'),
  OTEL_TRACES_EXPORTER: isOtlpIn('none'),
  OTEL_METRIC_EXPORT_INTERVAL: z
    .string()
    .regex(/^[1-9]\d{3,7}$/, 'write milliseconds, at least 1000')
    .transform(Number)
    .default(60_000),
  OTEL_SERVICE_NAME: z.string().default('signalman'),
  LOG_LEVEL: z
    .enum(LOG_LEVELS, { error: `choose one of ${LOG_LEVELS.join(', ')}` })
    .default('info'),
});
type Variables = z.infer<typeof VARIABLES>;
export const VARIABLE_NAMES: readonly string[] = Object.keys(VARIABLES.shape);

/** Reads `.env` in the working directory if there is one; what is set already wins over it. */
export function loadEnvFile(file = '.env'): void {
  if (existsSync(file)) process.loadEnvFile(file);
}

/**
 * The process lives in UTC, wherever the machine stands: node-cron was seen to run without a pause
 * for an hour when summer time ended in the zone of its process. Nobody is told a local time by us.
 */
export function liveInUtc(): void {
  process.env['TZ'] = 'UTC';
}

/** What these variables say, or every problem with them. Problems never repeat a secret. */
export function readConfig(environment: Environment): Result<Config, readonly ConfigProblem[]> {
  const set = withoutBlanks(environment);
  const read = VARIABLES.safeParse(set);
  const problems = [
    ...(read.error?.issues ?? []).map(({ path: [variable], message }) => ({
      variable: String(variable),
      problem: message,
    })),
    ...missingSlackParts(set),
    ...missingAgentTokens(set),
  ];
  if (!read.success || problems.length > 0) return no(problems);
  const clashes = portClashes(read.data);
  return clashes.length > 0 ? no(clashes) : yes(asConfig(read.data, secretsIn(set)));
}

/** One line for the log, as it is shown before the process gives up. */
export const configProblemLine = ({ variable, problem }: ConfigProblem) =>
  `${variable}: ${problem}`;

/** `NAME=` is how a copy of .env.example leaves a variable unset. */
function withoutBlanks(environment: Environment): Environment {
  const set = VARIABLE_NAMES.map((name) => [name, environment[name]?.trim()] as const);
  return Object.fromEntries(set.filter(([, value]) => value));
}

function missingSlackParts(set: Environment): readonly ConfigProblem[] {
  const { SLACK_BOT_TOKEN, SLACK_SIGNING_SECRET, SLACK_APP_TOKEN } = set;
  const given = Object.entries({ SLACK_BOT_TOKEN, SLACK_SIGNING_SECRET, SLACK_APP_TOKEN })
    .filter(([, value]) => value)
    .map(([name]) => name);
  if (given.length === 0) return [];
  const missing = ['SLACK_BOT_TOKEN', 'SLACK_SIGNING_SECRET'].filter((name) => !set[name]);
  return missing.map((variable) => ({
    variable,
    problem: `set it as well, or unset ${given.join(' and ')} to start with the sandbox`,
  }));
}

function missingAgentTokens({ HOST, AGENT_TOKENS }: Environment): readonly ConfigProblem[] {
  if (AGENT_TOKENS || !HOST || LOOPBACK.test(HOST)) return [];
  const problem = `HOST ${HOST} can be reached by others, so set environment:scope+scope:secret`;
  return [{ variable: 'AGENT_TOKENS', problem }];
}

function portClashes(variables: Variables): readonly ConfigProblem[] {
  // The sandbox's port stays closed when Slack itself is talked to.
  const names = ['PORT', 'AGENT_PORT', 'SANDBOX_PORT'] as const;
  const open = variables.SLACK_BOT_TOKEN ? names.slice(0, 2) : names;
  return open.flatMap((variable, place) => {
    const number = variables[variable];
    // Port 0 is a free port each time.
    const other =
      number === 0 ? undefined : open.slice(0, place).find((one) => variables[one] === number);
    return other ? [{ variable, problem: `${number} is taken by ${other}; choose another` }] : [];
  });
}

/** Callers are recognised by digests; their secrets themselves are known for being hidden alone. */
const secretsIn = ({
  SLACK_BOT_TOKEN,
  SLACK_SIGNING_SECRET = '',
  SLACK_APP_TOKEN,
  AGENT_TOKENS = '',
  OTEL_EXPORTER_OTLP_HEADERS = '',
}: Environment) =>
  [
    SLACK_BOT_TOKEN,
    SLACK_APP_TOKEN,
    ...SLACK_SIGNING_SECRET.split(','),
    ...secretsInTokens(AGENT_TOKENS),
    ...secretsInHeaders(OTEL_EXPORTER_OTLP_HEADERS),
  ].flatMap((secret) => secret?.trim() || []);

function secretsInHeaders(text: string): readonly string[] {
  const headers = text === '' ? undefined : readOtelHeaders(text);
  // `Bearer` and the like are no secret, what follows them is.
  return headers?.ok
    ? Object.values(headers.value).flatMap((value) => value.split(' ').slice(-1))
    : [];
}

function asConfig(variables: Variables, secrets: readonly string[]): Config {
  const { SLACK_BOT_TOKEN: botToken, SLACK_SIGNING_SECRET: signingSecret } = variables;
  const appToken = variables.SLACK_APP_TOKEN;
  const apiUrl = variables.SLACK_API_URL;
  const socketMode = appToken === undefined ? {} : { appToken };
  return {
    ...(botToken && signingSecret && { slack: { botToken, signingSecret, ...socketMode, apiUrl } }),
    host: variables.HOST,
    port: variables.PORT,
    agentPort: variables.AGENT_PORT,
    sandboxPort: variables.SANDBOX_PORT,
    databasePath: variables.DATABASE_PATH,
    configPath: variables.CONFIG_PATH,
    logLevel: variables.LOG_LEVEL,
    agentTokens: variables.AGENT_TOKENS,
    ...otelIn(variables),
    secrets,
  };
}

function otelIn(variables: Variables): Pick<Config, 'otel'> {
  const endpoint = variables.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (endpoint === undefined) return {};
  const otel = {
    endpoint,
    headers: variables.OTEL_EXPORTER_OTLP_HEADERS,
    serviceName: variables.OTEL_SERVICE_NAME,
    metrics: variables.OTEL_METRICS_EXPORTER,
    traces: variables.OTEL_TRACES_EXPORTER,
    metricsEveryMs: variables.OTEL_METRIC_EXPORT_INTERVAL,
  };
  return { otel };
}
