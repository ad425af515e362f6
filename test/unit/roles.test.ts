import { expect, test } from 'vitest';
import { noteRoles, rolesIn } from '#domain/roles.ts';
import { ana, noon } from '#test/support/builders.ts';
import { someSettings } from '#test/support/some-settings.ts';

const settings = someSettings();
const support = settings.services.get('support-agent');

/** Bo approves for the support agent besides those who approve for all. */
const withBo = () => {
  if (!support) throw new Error('there is no support agent');
  const people = { ...support.people, approvers: [...support.people.approvers, 'U0BO'] };
  const services = new Map([...settings.services, ['support-agent', { ...support, people }]]);
  return { ...settings, services };
};

test('roles are who the file names for what, and who is the same person; nobody is no line', () => {
  expect(rolesIn(settings)).toEqual({
    'people.operators': '[U0ANA, S0OPS]',
    'people.approvers': '[S0APPROVERS]',
  });
  expect(rolesIn({ ...withBo(), identities: [['U0BO', 'bo@example.com']] })).toEqual({
    ...rolesIn(settings),
    identities: '[U0BO = bo@example.com]',
    'support-agent: people.approvers': '[U0BO]',
  });
});

test('the register is told of roles when they are others, and only then', () => {
  const told = { now: rolesIn(withBo()), by: ana, at: noon };
  expect(noteRoles(rolesIn(settings), told)).toEqual({
    next: told.now,
    owes: [],
    audit: {
      at: noon,
      actor: ana.actor,
      action: 'roles_changed',
      target: {},
      from: '',
      to: '',
      reason: 'what the configuration file says of people',
      outcome: 'done',
      details: { differences: ['support-agent: people.approvers not set → [U0BO]'] },
    },
  });
  expect(noteRoles(told.now, told)).toEqual({ next: told.now, owes: [] });
});
