import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { zoneOf } from '../../src/domain/digest-policy.ts';
import { drillPattern } from '../../src/domain/drill-schedule.ts';
import { parseEstate } from '../../src/domain/estate-file.ts';
import { defaultIncidentPolicy } from '../../src/domain/incident-policy.ts';
import { assertPolicyFits, parsePolicy } from '../../src/domain/policy-file.ts';
import { defaultScaling } from '../../src/domain/scaling.ts';
import { OpsError } from '../../src/errors.ts';
import { playbooks } from '../../src/playbooks/index.ts';
import { fc } from '../support/properties.ts';

const example = (name: string) => readFileSync(join(__dirname, '../..', `${name}.example.yml`), 'utf8');
const smallest = `
version: 1
groups: { sre: { slackGroup: S0SRE } }
rules:
  - requesters: [sre]
    approvers: [sre]
`;

function faultsOf(work: () => unknown): string[] {
  try {
    work();
  } catch (error) {
    if (error instanceof OpsError && error.code === 'misconfigured') return error.message.split('\n').slice(1);
    throw error;
  }
  return [];
}

describe('parsePolicy', () => {
  it('reads the example, which fits the example of an estate', () => {
    const policy = parsePolicy(example('policy'));
    expect(policy.rules.find(({ match }) => match.compliance)).toEqual({
      match: { compliance: ['PCI-DSS'] },
      requesters: ['sre', 'oncall'],
      approvals: 2,
      approvers: ['managers', 'sre'],
      fromDifferentGroups: true,
      expiresAfterMs: 1_800_000,
      remindBeforeMs: 600_000,
    });
    expect(() =>
      assertPolicyFits(
        policy,
        parseEstate(example('estate')),
        playbooks.map(({ name }) => name),
      ),
    ).not.toThrow();
  });

  it('is strict where the file says nothing', () => {
    expect(parsePolicy(smallest)).toEqual({
      groups: { sre: { slackGroup: 'S0SRE' } },
      rules: [
        {
          match: {},
          requesters: ['sre'],
          approvers: ['sre'],
          approvals: 1,
          fromDifferentGroups: false,
          expiresAfterMs: 1_800_000,
          remindBeforeMs: 600_000,
        },
      ],
      anomalies: { mostPerDay: 3 },
      digests: [],
      drills: [],
      breakGlass: { who: [], remindEveryMs: 14_400_000 },
      operators: [],
      incidents: defaultIncidentPolicy,
      scaling: defaultScaling,
      caps: { isolatedCells: 1, healthyCellsPerRegion: 1, fallbackUtilisationShare: 0.8 },
    });
  });

  it('reminds before a short approval ends', () => {
    const [rule] = parsePolicy(`${smallest}    expiresAfter: 10m\n`).rules;
    expect(rule).toMatchObject({ expiresAfterMs: 600_000, remindBeforeMs: 300_000 });
  });

  it('takes an empty list of people as nobody', () => {
    expect(parsePolicy(smallest.replace('approvers: [sre]', 'approvers: []')).rules[0]?.approvers).toEqual([]);
    expect(parsePolicy(smallest.replace('{ slackGroup: S0SRE }', '{ people: [] }')).groups).toEqual({
      sre: { people: [] },
    });
  });

  it('takes who is on call in PagerDuty as a group', () => {
    const text = smallest.replace('{ slackGroup: S0SRE }', '{ onCall: PPLATFM }');
    expect(parsePolicy(text).groups).toEqual({ sre: { onCall: 'PPLATFM' } });
    expect(faultsOf(() => parsePolicy(text.replace('PPLATFM', '"../users"')))).toEqual([
      'Line 3: groups › sre › onCall must be the id of an escalation policy in PagerDuty, such as PABC123.',
    ]);
  });

  it('names all faults at once, each with its line and its path in words', () => {
    const text = `
version: 2
groups: { sre: { slackGroup: everyone, owner: me }, Big: {} }
rules:
  - match: { cells: [] }
    requesters: [sres]
    approvals: two
    expiresAfter: soon
  - requesters: [sre]
    approvers: [sre]
    approvals: 2
    fromDifferentGroups: true
    remindBefore: 1h
breakGlass: { who: [managers] }
caps: { isolatedCells: -1, fallbackUtilisation: 0.8 }
rule: []
`;
    expect(faultsOf(() => parsePolicy(text))).toEqual([
      'Line 2: version must be 1.',
      'Line 3: groups › sre › slackGroup must be the id of a Slack user group, such as S0123ABCD.',
      'Line 3: groups › sre › owner is no setting here.',
      'Line 3: groups › Big is no name that can be used: begin with a small letter, then small letters, digits and dashes.',
      'Line 5: rules 1 › match › cells must not be empty.',
      'Line 6: rules 1 › requesters 1 names the group “sres”, which is not under groups; did you mean sre?',
      'Line 7: rules 1 › approvals must be a number.',
      'Line 5: rules 1 › approvers is missing.',
      'Line 8: rules 1 › expiresAfter is no good: “soon” is not a duration. Write it as `30m`, `4h`, `1h30m` or `2d`.',
      'Line 13: rules 2 › remindBefore must be shorter than expiresAfter.',
      'Line 10: rules 2 › approvers must name at least as many groups as approvals are needed, since they come from different groups.',
      'Line 14: breakGlass › who 1 names the group “managers”, which is not under groups.',
      'Line 15: caps › isolatedCells must be at least 0.',
      'Line 15: caps › fallbackUtilisation must be a percentage such as 80%.',
      'Line 16: rule is no setting here.',
    ]);
  });

  it.each([
    [
      'people by their names, which can be changed',
      smallest.replace('{ slackGroup: S0SRE }', '{ people: [ana] }'),
      'Slack user id',
    ],
    ['a key twice', `${smallest}version: 1\n`, 'Map keys must be unique'],
    [
      'aliases',
      smallest.replace('requesters: [sre]', 'requesters: &a [sre]').replace('approvers: [sre]', 'approvers: *a'),
      'Aliases',
    ],
    [
      'an alias bomb',
      `a: &a [x]\n${Array.from({ length: 30 }, (_, i) => `b${i}: &b${i} [*${i ? `b${i - 1}` : 'a'}, *${i ? `b${i - 1}` : 'a'}]`).join('\n')}`,
      'Aliases',
    ],
    ['unknown tags', smallest.replace('version: 1', 'version: !!js/function 1'), 'tag'],
    ['several documents', `${smallest}---\n${smallest}`, 'multiple documents'],
    ['broken YAML', `${smallest}  ]`, 'Line'],
    ['nesting without end', '['.repeat(100_000), 'Line'],
    ['nothing', '', 'It is empty.'],
    ['no mapping', '- 1', 'The file must be a block of settings.'],
    ['a file without end', `#${'x'.repeat(1_000_001)}`, 'a million characters'],
    ['half an approval', `${smallest}    approvals: 1.5\n`, 'must be a whole number'],
    [
      'the prototype as a group',
      smallest.replace('{ sre:', '{ __proto__: { people: [] }, sre:'),
      '__proto__ is no setting',
    ],
  ])('refuses %s', (_, text, says) => {
    expect(faultsOf(() => parsePolicy(text)).join('\n')).toContain(says);
  });

  it('answers any text with a policy or with its faults', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(faultsOf(() => parsePolicy(text)).length).toBeGreaterThan(0);
      }),
    );
  });
});

describe('assertPolicyFits', () => {
  it('refuses rules about cells, regions and playbooks that do not exist', () => {
    const text = smallest.replace(
      '- requesters',
      '- match: { cells: [cell-bankin], regions: [mars], playbooks: [isolate-cell], takesBack: [swap-dat] }\n    requesters',
    );
    expect(
      faultsOf(() =>
        assertPolicyFits(parsePolicy(text), parseEstate(example('estate')), ['restore-cell', 'swap-data']),
      ),
    ).toEqual([
      'rules 1 › match › playbooks names “isolate-cell”, which does not exist.',
      'rules 1 › match › takesBack names “swap-dat”, which does not exist; did you mean swap-data?',
      'rules 1 › match › cells names “cell-bankin”, which does not exist; did you mean cell-banking?',
      'rules 1 › match › regions names “mars”, which does not exist.',
    ]);
  });
});

describe('reports by the calendar', () => {
  const withDigests = (yaml: string) => `${smallest}digests:\n${yaml}\n`;
  const right = "{ channel: C0OPERATIONS, at: '08:30', zone: Europe/Berlin, kinds: [daily, weekly] }";

  it('are read', () => {
    expect(parsePolicy(withDigests(`  - ${right}`)).digests).toEqual([
      { channel: 'C0OPERATIONS', at: '08:30', zone: 'Europe/Berlin', kinds: ['daily', 'weekly'] },
    ]);
  });

  it.each([
    ['a time that is none', right.replace('08:30', '24:00'), 'must be a time of the day such as 08:30'],
    ['a zone that is none', right.replace('Berlin', 'Bonn'), 'must be a time zone such as Europe/Berlin'],
    ['an offset for a zone', right.replace('Europe/Berlin', "'+01:00'"), 'must be a time zone such as Europe/Berlin'],
    ['no kinds', right.replace('[daily, weekly]', '[]'), 'digests'],
    ['a kind twice in a channel', `${right}\n  - ${right}`, 'names the same kind twice for one channel'],
  ])('refuse %s', (_, yaml, says) => {
    expect(faultsOf(() => parsePolicy(withDigests(`  - ${yaml}`))).join('\n')).toContain(says);
  });
});

describe('the zone of pictures', () => {
  const of = (yaml: string) => zoneOf(parsePolicy(`${smallest}${yaml}\n`));
  const digests = "digests: [{ channel: C0OPERATIONS, at: '08:30', zone: Europe/Berlin, kinds: [daily] }]";

  it.each([
    ['the policy’s own', `zone: America/New_York\n${digests}`, 'America/New_York'],
    ['without one, that of the first report', digests, 'Europe/Berlin'],
    ['without any, UTC', '', 'UTC'],
  ])('is %s', (_, yaml, zone) => expect(of(yaml)).toBe(zone));

  it('is refused when no such zone is known', () => {
    expect(faultsOf(() => of('zone: CEST+1')).join()).toContain('must be a time zone such as Europe/Berlin');
  });
});

describe('the scaling of SQL', () => {
  const of = (yaml: string) => parsePolicy(`${smallest}scaling: { sql: ${yaml} }\n`).scaling?.sql;

  it('is read, what is left out by default', () => {
    expect(of('{ up: { load: 70, windows: 3 of 4 }, coolDown: 2h, most: { dtus: 400 } }')).toEqual({
      up: { above: 70, hits: 3, of: 4 },
      down: { below: 25, hits: 11, of: 12 },
      coolDownMs: 7_200_000,
      most: { dtus: 400 },
    });
  });

  it.each([
    ['{ down: { load: 80 } }', 'sql › down › load must be below sql › up › load'],
    ['{ up: { windows: 1 of 3 } }', 'must be more than half of the windows'],
    ['{ most: { dtu: 400 } }', 'dtu'],
  ])('is refused as %s', (yaml, says) => expect(faultsOf(() => of(yaml)).join()).toContain(says));

  it('has directions of its own for who approves', () => {
    const [rule] = parsePolicy(smallest.replace('- requesters', '- match: { scale: down }\n    requesters')).rules;
    expect(rule?.match.scale).toBe('down');
  });
});

describe('own channels', () => {
  const archived = (after: string) => parsePolicy(`${smallest}incidents: { archiveAfter: ${after} }\n`).incidents;

  it('are archived so long after the end, or never', () => {
    expect(archived('14d').archiveAfterMs).toBe(14 * 86_400_000);
    expect(parsePolicy(smallest).incidents.archiveAfterMs).toBeUndefined();
    expect(faultsOf(() => archived('1m')).join()).toContain('archiveAfter');
  });
});

describe('the ladder', () => {
  const withLadder = (rungs: string) => `${smallest}incidents:\n  ladder: [${rungs}]\n`;

  it('names groups, and whom a rung pages besides', () => {
    const rungs = 'sre, { tell: sre, page: { policy: PMGMT01 } }, { tell: sre, page: { person: PEXEC01 } }';
    expect(parsePolicy(withLadder(rungs)).incidents.ladder).toEqual([
      { tell: 'sre' },
      { tell: 'sre', page: { policy: 'PMGMT01' } },
      { tell: 'sre', page: { person: 'PEXEC01' } },
    ]);
  });

  it.each([
    ['a group that is none', 'sres', 'names the group “sres”'],
    ['a group that is none, with a page', '{ tell: sres, page: { policy: PMGMT01 } }', 'names the group “sres”'],
    ['a page to nobody', '{ tell: sre, page: {} }', 'incidents › ladder 1 › page'],
    ['a page to a Slack id', '{ tell: sre, page: { person: U0dana } }', 'in PagerDuty, such as PABC123'],
    ['more rungs than anybody climbs', Array(11).fill('sre').join(', '), 'at most 10 rungs'],
  ])('refuses %s', (_, rungs, says) => {
    expect(faultsOf(() => parsePolicy(withLadder(rungs))).join('\n')).toContain(says);
  });
});

describe('drills by the calendar', () => {
  const withDrills = (yaml: string) => `${smallest}drills:\n${yaml}\n`;
  const right =
    "{ region: eastus, channel: C0OPERATIONS, every: month, on: tuesday, at: '10:00', zone: Europe/Berlin }";

  it('are read, with a window and a warning', () => {
    expect(parsePolicy(withDrills(`  - ${right}`)).drills).toEqual([
      {
        ...{ region: 'eastus', channel: 'C0OPERATIONS', every: 'month', on: 'tuesday' },
        ...{ at: '10:00', zone: 'Europe/Berlin', withData: false },
        ...{ lastsMs: 900_000, windowMs: 7_200_000, aheadMs: 86_400_000 },
      },
    ]);
  });

  it.each([
    ['a rhythm that is none', right.replace('month', 'fortnight'), 'every'],
    ['a day that is none', right.replace('tuesday', 'someday'), 'on'],
    ['a drill of a day', right.replace('{ region', '{ for: 1d, region'), 'too long'],
    ['a region to itself', right.replace('{ region', '{ to: eastus, region'), 'must be another region'],
    ['a region twice', `${right}\n  - ${right}`, 'names the same region twice'],
  ])('refuse %s', (_, yaml, says) => {
    expect(faultsOf(() => parsePolicy(withDrills(`  - ${yaml}`))).join('\n')).toContain(says);
  });

  it('refuse a region that the estate does not have', () => {
    const policy = parsePolicy(withDrills(`  - ${right.replace('eastus', 'eastu')}`));
    expect(faultsOf(() => assertPolicyFits(policy, parseEstate(example('estate')), []))).toEqual([
      'drills 1 names the region “eastu”, which does not exist; did you mean eastus?',
    ]);
  });

  it('come at a local time, of a month or quarter on the first such day', () => {
    const pattern = (every: 'week' | 'month' | 'quarter') => drillPattern({ every, on: 'tuesday', at: '10:05' });
    expect((['week', 'month', 'quarter'] as const).map(pattern)).toEqual([
      '5 10 * * 2',
      '5 10 * * 2#1',
      '5 10 * 1,4,7,10 2#1',
    ]);
  });
});
