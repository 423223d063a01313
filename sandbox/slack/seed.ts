import type { SlackUser } from './contract.ts';

export const teamId = 'T0STAMPS';
export const botUserId = 'U0STAMPS';

const person = (
  id: string,
  name: string,
  realName: string,
  title: string,
  more: Partial<SlackUser> = {},
): SlackUser => ({ id, name, realName, title, email: `${name}@stamps.example`, ...more });

/** The people of the sandbox's workspace: one of every kind that the product must tell apart. */
export const users: readonly SlackUser[] = [
  person('U0ANA', 'ana', 'Ana Ruiz', 'On call'),
  person('U0BEN', 'ben', 'Ben Okafor', 'SRE'),
  person('U0CHLOE', 'chloe', 'Chloe Martin', 'SRE'),
  person('U0DANA', 'dana', 'Dana Levi', 'Operations manager'),
  person('U0GUS', 'gus', 'Gus Lind', 'Guest', { isRestricted: true }),
  person('U0SAM', 'sam', 'Sam Park', 'From another company', { isStranger: true, email: 'sam@elsewhere.example' }),
  person('U0ROB', 'rob', 'Rob Young', 'Left the company', { deleted: true }),
  person(botUserId, 'stamps', 'Stamps', 'App', { isBot: true }),
];

export const groups = [
  { id: 'S0SRE', handle: 'sre', users: ['U0ANA', 'U0BEN', 'U0CHLOE'] },
  { id: 'S0MANAGERS', handle: 'managers', users: ['U0DANA'] },
  { id: 'S0ONCALL', handle: 'oncall', users: ['U0ANA'] },
] as const;

const everybody = users.map(({ id }) => id);
export const channels = [
  { id: 'C0INCIDENTS', name: 'incidents', members: everybody },
  { id: 'C0OPERATIONS', name: 'operations', members: everybody },
] as const;
