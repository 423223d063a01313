import { createPagerPeople } from '../../src/alerts/pager-people.ts';
import { createPeople } from '../../src/engine/people.ts';
import { OpsError } from '../../src/errors.ts';
import type { ChatPort } from '../../src/ports/chat.ts';
import type { OnCallPort, OnCallShift } from '../../src/ports/on-call.ts';
import { policy, quiet } from '../support/engine-harness.ts';
import { createFakeClock } from '../support/fakes/fake-clock.ts';

const shift = (level: number, email: string): OnCallShift => ({
  policy: { id: 'PPLATFM', name: 'Platform' },
  level,
  person: { id: 'PU', name: email, email },
});

/** Ana and Ben are in Slack, Gus is a guest there; `shifts` are PagerDuty's. */
function world(shifts: OnCallShift[] | Error) {
  const clock = createFakeClock();
  const asked: unknown[] = [];
  const chat = {
    idByEmail: async (email: string) => ({ 'ana@x': 'U0ANA', 'ben@x': 'U0BEN', 'gus@x': 'U0GUS' })[email],
    person: async (id: string) => ({ id, teamId: 'T0', name: id, ...(id === 'U0GUS' && { barred: 'guest' as const }) }),
    groupMembers: async () => ['U0BEN'],
  } as unknown as ChatPort;
  const onCall = {
    shifts: async (...args: unknown[]) => {
      asked.push(args);
      if (shifts instanceof Error) throw shifts;
      return shifts;
    },
  } as unknown as OnCallPort;
  const pagerPeople = createPagerPeople({ chat, onCall, clock: clock.clock, logger: quiet });
  const groups = { ...policy.groups, platform: { onCall: 'PPLATFM' }, both: { onCall: 'PPLATFM', people: ['U0BEN'] } };
  const people = createPeople(chat, { ...policy, groups }, clock.clock, pagerPeople.onCallNow);
  const groupsOf = async (id: string, fresh = true) => (await people.member(id, { fresh })).groups;
  return { groupsOf, asked };
}

describe('a group that is PagerDuty’s on-call', () => {
  it('holds who is on call at the first level, by e-mail', async () => {
    const { groupsOf } = world([shift(1, 'ana@x'), shift(2, 'ben@x')]);
    expect(await groupsOf('U0ANA')).toEqual(['oncall', 'platform', 'both']);
    expect(await groupsOf('U0BEN')).toEqual(['sre', 'both']);
  });

  it('never holds a guest, or somebody whom Slack does not know', async () => {
    const { groupsOf } = world([shift(1, 'gus@x'), shift(1, 'nobody@x'), shift(1, '')]);
    expect(await groupsOf('U0GUS')).toEqual([]);
    expect(await groupsOf('U0ANA')).toEqual(['oncall']);
  });

  it('holds nobody when PagerDuty can’t be asked, and the other groups stay', async () => {
    const { groupsOf } = world(new OpsError('unavailable', 'away', { service: 'PagerDuty' }));
    expect(await groupsOf('U0ANA')).toEqual(['oncall']);
    expect(await groupsOf('U0BEN')).toEqual(['sre', 'both']);
  });

  it('leaves out a shift of another policy', async () => {
    const { groupsOf } = world([{ ...shift(1, 'ana@x'), policy: { id: 'POTHER', name: 'x' } }]);
    expect(await groupsOf('U0ANA')).toEqual(['oncall']);
  });

  it('is asked anew for each decision, and kept for a while elsewhere', async () => {
    const { groupsOf, asked } = world([shift(1, 'ana@x')]);
    await groupsOf('U0ANA', false);
    const first = asked.length;
    await groupsOf('U0ANA', false);
    expect(asked.length).toBe(first);
    await groupsOf('U0ANA', true);
    expect(asked.length).toBeGreaterThan(first);
  });
});
