/**
 * The sandbox's PagerDuty account: people, schedules with weekly turns, escalation policies, services. Rules kept
 * (PagerDuty REST API reference, “List all of the on-calls”): an on-call is a user at a level of a policy from `start`
 * to `end`; both are null for somebody who is named by the policy itself and always on call; `earliest` leaves the
 * first on-call of each policy, level and user within `since`…`until`, which is how “next” is found.
 */
export interface PagerUser {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

export interface PagerSchedule {
  readonly id: string;
  readonly name: string;
  /** User ids in the order of their turns, a week each. */
  readonly turns: readonly string[];
}

export interface PagerPolicy {
  readonly id: string;
  readonly name: string;
  /** By level, the first first: a schedule's id or a user's. */
  readonly levels: readonly string[];
}

export interface PagerService {
  readonly id: string;
  readonly name: string;
  readonly policyId: string;
  /** Of its Events API v2 integration. */
  readonly integrationKey?: string;
}

export interface OnCall {
  readonly policyId: string;
  readonly level: number;
  readonly schedule?: PagerSchedule;
  readonly user: PagerUser;
  /** Milliseconds since 1970; absent: always. */
  readonly start?: number;
  readonly end?: number;
}

export const routingKey = 'sandbox0000000000000000000000000';
export const apiToken = 'sandbox-rest-token';

/** The app's own login: who pages when nobody does. */
export const appEmail = 'stamps-app@stamps.example';

/** Their e-mails are those of the sandbox's Slack people. Nobody in Slack has Eva's. */
export const users: readonly PagerUser[] = [
  { id: 'PUANA01', name: 'Ana Ruiz', email: 'ana@stamps.example' },
  { id: 'PUBEN02', name: 'Ben Okafor', email: 'ben@stamps.example' },
  { id: 'PUCHL03', name: 'Chloe Martin', email: 'chloe@stamps.example' },
  { id: 'PUDAN04', name: 'Dana Levi', email: 'dana@stamps.example' },
  { id: 'PUEVA05', name: 'Eva Brandt', email: 'eva@databases.example' },
  { id: 'PUAPP06', name: 'Stamps', email: appEmail },
];

const schedules: readonly PagerSchedule[] = [
  { id: 'PSPLAT1', name: 'Platform, first line', turns: ['PUANA01', 'PUBEN02', 'PUCHL03'] },
  // A week behind: who is first next week is second now. Managers are woken by the ladder of the policy file alone.
  { id: 'PSPLAT3', name: 'Platform, second line', turns: ['PUBEN02', 'PUCHL03', 'PUANA01'] },
  { id: 'PSDATA2', name: 'Databases', turns: ['PUEVA05', 'PUBEN02'] },
];

export const policies: readonly PagerPolicy[] = [
  { id: 'PPLATFM', name: 'Platform', levels: ['PSPLAT1', 'PSPLAT3'] },
  { id: 'PDATABS', name: 'Databases', levels: ['PSDATA2', 'PUDAN04'] },
];

export const services: readonly PagerService[] = [
  { id: 'PSVCSTA', name: 'Stamps', policyId: 'PPLATFM', integrationKey: routingKey },
  { id: 'PSVCDBS', name: 'Databases', policyId: 'PDATABS' },
];

const weekMs = 7 * 86_400_000;

export function userById(id: string): PagerUser | undefined {
  return users.find((user) => user.id === id);
}

/** Everybody who is on call at some time between two moments, by policy, level and time. Turns change on Thursdays, 00:00 UTC. */
export function onCalls(since: number, until: number, sandboxBegan: number): OnCall[] {
  return policies.flatMap((policy) =>
    policy.levels.flatMap((target, index): OnCall[] => {
      const at = { policyId: policy.id, level: index + 1 };
      const always = userById(target);
      if (always) return [{ ...at, user: always }];
      const schedule = schedules.find(({ id }) => id === target);
      return schedule
        ? turnsOf(schedule, since, until, sandboxBegan).map((turn) => ({ ...at, schedule, ...turn }))
        : [];
    }),
  );
}

/** The week in which the sandbox began is the first person's: Ana is on call whenever it is tried. */
function turnsOf(schedule: PagerSchedule, since: number, until: number, sandboxBegan: number) {
  const week = (at: number) => Math.floor(at / weekMs);
  const found: { user: PagerUser; start: number; end: number }[] = [];
  for (let turn = week(since); turn * weekMs <= until; turn += 1) {
    const count = schedule.turns.length;
    const whose = schedule.turns[(((turn - week(sandboxBegan)) % count) + count) % count];
    const user = userById(whose ?? '');
    if (user) found.push({ user, start: turn * weekMs, end: (turn + 1) * weekMs });
  }
  return found;
}
