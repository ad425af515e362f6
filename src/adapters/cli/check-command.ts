import { WebClient } from '@slack/web-api';
import { checkMetrics } from '#adapters/cli/check-metrics.ts';
import { checkSlack } from '#adapters/cli/check-slack.ts';
import { type Command, DONE, FAILED, misused } from '#adapters/cli/command.ts';
import { type Finding, problem } from '#adapters/cli/finding.ts';
import { readSettingsFile } from '#adapters/settings/settings-holder.ts';
import { settingsProblemLine } from '#adapters/settings/settings-problem.ts';
import { configProblemLine } from '#config.ts';
import { asInstant } from '#domain/time.ts';

export const checkCommand: Command = {
  name: 'check',
  usage: ['check'],
  about: 'try everything that a first set-up gets wrong, and say what to do',
  run: async (terminal) => {
    const { config, configPath, words, say } = terminal;
    if (words.length > 0) return misused(terminal, checkCommand, 'It takes no words.');
    const findings: Finding[] = [];
    if (!config.ok) findings.push(...config.refusal.map(configProblemLine).map(problem));
    const read = readSettingsFile(configPath);
    if (!read.ok) findings.push(...read.refusal.map(settingsProblemLine).map(problem));
    else findings.push({ ok: true, words: `${configPath} reads well` });
    if (config.ok && read.ok) {
      const { settings, warnings, unsatisfiable } = read.value;
      findings.push(...unsatisfiable.map(settingsProblemLine).map(problem));
      for (const warning of warnings)
        findings.push({ ok: 'warning', words: settingsProblemLine(warning) });
      const { slack } = config.value;
      if (slack) findings.push(...(await checkSlack(clientFor(slack), settings)));
      else findings.push({ ok: true, words: 'no Slack credentials: npm start opens the sandbox' });
      findings.push(...(await checkMetrics(settings, asInstant(Date.now()))));
    }
    for (const finding of findings) say(line(finding));
    return findings.every(({ ok }) => ok !== false) ? DONE : FAILED;
  },
};

const clientFor = ({ botToken, apiUrl }: { readonly botToken: string; readonly apiUrl: string }) =>
  new WebClient(botToken, {
    slackApiUrl: apiUrl,
    timeout: 8_000,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
  });

const MARKS = { true: 'ok     ', false: 'PROBLEM', warning: 'warning' } as const;
const line = ({ ok, words }: Finding) => `${MARKS[`${ok}`]}  ${words}`;
