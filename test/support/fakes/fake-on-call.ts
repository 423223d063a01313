import type { PageTarget } from '../../../src/domain/page-target.ts';
import type { OpsError } from '../../../src/errors.ts';
import type { OnCallDesk, OnCallTurn } from '../../../src/ports/on-call.ts';

export const platform = { id: 'PPLATFM', name: 'Platform' };

/** PagerDuty as commands see it, in memory. */
export function createFakeOnCall() {
  const state: {
    failure?: OpsError;
    pagesIncidents: boolean;
    turns: OnCallTurn[];
    targets: PageTarget[];
    ladderFaults: string[];
  } = {
    pagesIncidents: true,
    ladderFaults: [],
    turns: [
      {
        policy: platform,
        level: 1,
        now: [{ name: 'Ana Ruiz', slackId: 'U0ANA', until: '2026-11-26T00:00:00.000Z' }],
        next: { name: 'Eva <Brandt>', from: '2026-11-26T00:00:00.000Z' },
      },
      { policy: platform, level: 2, now: [] },
    ],
    targets: [
      { kind: 'policy', ...platform },
      { kind: 'policy', id: 'PDATABS', name: 'Databases' },
      { kind: 'person', id: 'PUBEN02', name: 'Ben Okafor', email: 'ben@stamps.example' },
    ],
  };
  const pages: { key: string; target: PageTarget; why: string; channel: string; by: string }[] = [];
  const asked: (string | undefined)[] = [];
  const fail = () => {
    if (state.failure) throw state.failure;
  };
  const desk: OnCallDesk = {
    get pagesIncidents() {
      return state.pagesIncidents;
    },
    async turns(policyId) {
      fail();
      asked.push(policyId);
      return state.turns;
    },
    async targets() {
      fail();
      return state.targets;
    },
    async ladderFaults() {
      fail();
      return state.ladderFaults;
    },
    async page(page, member) {
      fail();
      pages.push({ ...page, by: member.id });
    },
  };
  return { desk, pages, asked, state };
}
