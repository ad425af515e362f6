/** Settings with boring defaults. */
import type { Plan } from '#domain/plan.ts';
import type { ServiceSettings, Settings } from '#domain/settings.ts';
import { DAY_MS, MINUTE_MS } from '#domain/time.ts';
import { aPlan } from '#test/support/builders.ts';

export const PEOPLE = { operators: ['U0ANA', 'S0OPS'], approvers: ['S0APPROVERS'] };

export type About = { readonly plan?: Partial<Plan>; readonly settings?: Partial<Settings> };

export function someSettings({ plan = {}, settings = {} }: About = {}): Settings {
  const service = (name: string): ServiceSettings => ({
    name,
    stable: '2.3.3',
    channel: 'agent-ops',
    people: PEOPLE,
    links: {},
    plan: aPlan(plan),
  });
  return {
    channel: 'agent-ops',
    poll: '* * * * *',
    pollMs: MINUTE_MS,
    defaultEnvironment: 'production',
    people: PEOPLE,
    identities: [],
    flags: { approvalAbovePercent: 50 },
    audit: {},
    alerts: { unseenAfterMs: 2 * MINUTE_MS },
    retention: { agentLogsMs: 3 * DAY_MS, verdictWindowsMs: 90 * DAY_MS },
    services: new Map(['support-agent', 'billing-agent'].map((name) => [name, service(name)])),
    ...settings,
  };
}
