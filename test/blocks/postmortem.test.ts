import { postmortem } from '../../src/blocks/postmortem.ts';
import type { PostmortemParts } from '../../src/blocks/postmortem-parts.ts';
import type { Incident, TimelineEntry } from '../../src/domain/incident.ts';
import { fc } from '../support/properties.ts';
import { sampleIncident, sampleIncidentView } from '../support/sample-incident.ts';
import { ana, ben, sampleRun } from '../support/sample-run.ts';

const resolved: Partial<Incident> = {
  state: 'resolved',
  declaredBy: ana,
  severityBy: ana,
  acknowledgedAt: '2026-11-24T03:12:00.000Z',
  acknowledgedBy: ben,
  mitigatedAt: '2026-11-24T03:40:00.000Z',
  resolvedAt: '2026-11-24T04:06:00.000Z',
  resolvedBy: ben,
  alerts: { firing: 0, total: 1 },
};
const parts = (incident: Partial<Incident> = resolved, with_: Partial<PostmortemParts> = {}): PostmortemParts => ({
  incident: sampleIncident(incident),
  timeline: [{ at: '2026-11-24T03:06:00.000Z', kind: 'note', actor: ben, says: `Assigned to ${ana}` }],
  alerts: { lines: sampleIncidentView().alerts, total: 1 },
  runs: [],
  graphs: [],
  lately: [],
  names: new Map([
    [ana, 'Ana Ruiz'],
    [ben, 'Ben Okafor'],
  ]),
  acknowledgeWithinMs: 1_800_000,
  madeAt: '2026-11-24T09:00:00.000Z',
  ...with_,
});

describe('the post-mortem', () => {
  it('measures from the trouble’s beginning to detect it, and from then to everything else', () => {
    const text = postmortem(parts());
    expect(text).toContain('- Began: 2026-11-24 03:05:00 UTC');
    expect(text).toContain('- To detect: 1 min (2026-11-24 03:06:00 UTC)');
    expect(text).toContain('- To acknowledge: 6 min (2026-11-24 03:12:00 UTC)');
    expect(text).toContain('- To mitigate: 34 min (2026-11-24 03:40:00 UTC)');
    expect(text).toContain('- To resolve: 1 h 0 min (2026-11-24 04:06:00 UTC)');
  });

  it('says how many tenants have which promise, and how many none', () => {
    const hurt = { tenants: 43, byTier: { smb: 43 }, bySla: { '99.9': 40, none: 3 } };
    expect(postmortem(parts({ hurt }))).toContain('Tenants: 43 (43 `smb`); SLA: 40 at `99.9` %, 3 without');
  });

  it('shows the graph itself where Slack has told its address, and its words below', () => {
    const shown = (address: string) => postmortem(parts(resolved, { graphs: [{ altText: 'Memory: 91 %', address }] }));
    expect(shown('https://stamps.slack.com/files/U0STAMPS/F1/i-17.png')).toContain(
      '## Graphs\n\n![graph](https://stamps.slack.com/files/U0STAMPS/F1/i-17.png)\n\n`Memory: 91 %`',
    );
    expect(shown('https://x.example/a) ![](@U0ANA')).toContain('`Memory: 91 %` Slack does not tell where');
  });

  it('says what the graph shows, and where it is', () => {
    const graphs = [{ altText: 'Memory of `cell-banking`: 91 %, threshold 85 %' }];
    expect(postmortem(parts(resolved, { graphs }))).toContain(
      '## Graphs\n\n`Memory of ˋcell-bankingˋ: 91 %, threshold 85 %` Slack does not tell where the picture is.',
    );
    expect(postmortem(parts())).toContain('None was drawn');
  });

  it('names people, and what runs did with their plans and approvals', () => {
    const decision = {
      personId: ben,
      verdict: 'approve',
      planHash: sampleRun().planHash,
      groups: [],
      at: '2026-11-24T03:15:00.000Z',
    } as const;
    const step = {
      stepId: 'route-around-cell',
      state: 'failed',
      says: 'no answer',
      startedAt: decision.at,
      finishedAt: '2026-11-24T03:16:00.000Z',
    } as const;
    const text = postmortem(
      parts(resolved, { runs: [sampleRun({ state: 'succeeded', decisions: [decision], steps: [step] })] }),
    );
    expect(text).toContain('`Assigned to Ana Ruiz` — `Ben Okafor`');
    expect(text).toContain('### r-17: isolate-cell');
    expect(text).toContain('because `card payments time out`');
    expect(text).toContain('- Approved by `Ben Okafor` at 2026-11-24 03:15:00 UTC, plan ');
    expect(text).toContain('`addresses: 10.0.0.4 → 10.1.0.4`');
    expect(text).toContain('- `route-around-cell` failed in 1 min: `no answer`');
    expect(text).toContain('A step of r-17 failed or met a changed world');
  });

  it.each<[string, Partial<Incident>, string]>([
    ['nobody acknowledged it', { acknowledgedAt: undefined as never }, 'Nobody acknowledged it: who should have?'],
    ['somebody was late', { acknowledgedAt: '2026-11-24T04:00:00.000Z' }, 'acknowledged after more than 30m'],
    ['it went up the ladder', { escalation: 2 }, 'It went 2 rungs up the ladder'],
    ['it was detected late', { startedAt: '2026-11-24T02:00:00.000Z' }, 'more than five minutes to be detected'],
    ['no alert saw it', { alerts: { firing: 0, total: 0 } }, 'People noticed it and no alert did'],
    ['alerts still fire', { alerts: { firing: 2, total: 2 } }, '2 of its alerts are still firing'],
  ])('asks when %s', (_, changed, question) => {
    const ordinary = postmortem(parts());
    const incident = { ...resolved, ...changed };
    if ('acknowledgedAt' in changed && changed.acknowledgedAt === undefined) delete incident.acknowledgedAt;
    expect(ordinary).not.toContain(question);
    expect(postmortem(parts(incident))).toContain(question);
  });

  it('is no place where strangers’ words can do anything', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 80 }),
      fc.constantFrom(
        '`code`',
        '``` js',
        '![](@U0BEN)',
        '<!channel>',
        '[x](https://evil.example)',
        '# head',
        '\n\n# head\n- [x] done',
        '<@U0BEN>',
        '|a|b|',
        '\u202Eevil',
      ),
    );
    fc.assert(
      fc.property(hostile, hostile, hostile, (title, says, person) => {
        const entry: TimelineEntry = { at: '2026-11-24T03:06:00.000Z', kind: 'note', actor: ben, says };
        const text = postmortem(
          parts(
            { ...resolved, title, cells: [title, says] },
            {
              timeline: [entry],
              graphs: [{ altText: says }],
              names: new Map([[ben, person]]),
              runs: [sampleRun({ plan: { ...sampleRun().plan, title, reason: says } })],
            },
          ),
        );
        const spansOut = text.replace(/`[^`\n]*`/g, '');
        expect(spansOut).not.toContain('`');
        expect(spansOut).not.toMatch(/<[!@#]|!\[|\]\(|\bevil\b/);
        expect(text.split('\n').filter((line) => line.startsWith('#'))).toEqual([
          '# Post-mortem of i-17',
          '## In short',
          '## Times',
          '## Timeline',
          '## What changed there before',
          '## Playbook runs',
          '### r-17: isolate-cell',
          '## Graphs',
          '## Alerts',
          '## Open questions',
        ]);
      }),
    );
  });
});
