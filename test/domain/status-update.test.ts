import type { Estate } from '../../src/domain/estate.ts';
import {
  affectedComponents,
  draftUpdate,
  type StatusComponent,
  type StatusUpdate,
} from '../../src/domain/status-update.ts';
import { fc } from '../support/properties.ts';
import { sampleIncident } from '../support/sample-incident.ts';

const cell = (name: string, region: string, statusComponent?: string) => ({
  name,
  region,
  ...(statusComponent && { statusComponent }),
});
const estate = {
  regions: [{ name: 'eastus', statusComponent: 'c-east' }, { name: 'westus' }],
  cells: [
    cell('cell-banking', 'eastus', 'c-bank'),
    cell('cell-retail', 'eastus'),
    cell('cell-dr', 'westus', 'c-dr'),
    cell('cell-other', 'westus'),
  ],
} as unknown as Estate;
const components: StatusComponent[] = [
  { id: 'c-bank', name: 'Banking', status: 'operational' },
  { id: 'c-east', name: 'East US', status: 'operational' },
  { id: 'c-dr', name: 'Standby', status: 'operational' },
];

describe('components that an incident concerns', () => {
  it.each([
    ['a cell with one', { scope: 'cell', region: 'eastus', cell: 'cell-banking' }, [], ['c-bank']],
    ['a cell without takes its region’s', { scope: 'cell', region: 'eastus', cell: 'cell-retail' }, [], ['c-east']],
    ['a cell without, in a region without', { scope: 'cell', region: 'westus', cell: 'cell-other' }, [], []],
    [
      'a region, with the cells that are hurt',
      { scope: 'region', region: 'eastus' },
      ['cell-banking'],
      ['c-east', 'c-bank'],
    ],
    ['a region without takes its cells’', { scope: 'region', region: 'westus' }, [], ['c-dr']],
    ['everything', { scope: 'global' }, [], ['c-east']],
    ['nobody knows where', { scope: 'unknown' }, [], []],
    ['nobody knows where, but a cell', { scope: 'unknown' }, ['cell-dr'], ['c-dr']],
  ] as const)('%s', (_, place, cells, ids) => {
    expect(affectedComponents(estate, { place, cells })).toEqual(ids);
  });
});

describe('a draft for the status page', () => {
  const draft = (purpose: 'draft' | 'update' | 'resolve', with_ = {}, last?: StatusUpdate) =>
    draftUpdate(purpose, sampleIncident({ severity: 'P1', ...with_ }), estate, components, last);

  it('begins with what is affected, and how badly', () => {
    expect(draft('draft')).toEqual({
      name: 'Problems with Banking',
      status: 'investigating',
      impact: 'major',
      body: 'We are investigating problems with Banking. Some customers may see errors or slow answers. We will say more within 60 minutes.',
      components: { 'c-bank': 'partial_outage' },
    });
    expect(draft('draft', { severity: 'P0', place: { scope: 'global' } })).toMatchObject({
      name: 'Problems with East US',
      impact: 'critical',
      body: expect.stringContaining('Customers may see errors'),
      components: { 'c-east': 'major_outage' },
    });
  });

  it('names only where it was found to be, though the incident is global', () => {
    const global = sampleIncident({ severity: 'P0', place: { scope: 'global' }, cells: [] });
    const drafted = draftUpdate('draft', global, estate, components, undefined, ['westus']);
    expect(drafted.components).toEqual({ 'c-dr': 'major_outage' });
    expect(drafted.body).toContain('Some customers');
    expect(drafted.name).toBe('Problems with Standby');
    expect(draftUpdate('draft', global, estate, components).body).toContain('Customers may see');
  });

  it('speaks of the service where nothing is named', () => {
    expect(draft('draft', { place: { scope: 'unknown' }, cells: [] })).toMatchObject({
      name: 'Problems with our service',
      components: {},
    });
  });

  const last: StatusUpdate = { ...draft('draft'), name: 'Cards', impact: 'critical', status: 'identified' };

  it('goes on where the last words ended', () => {
    expect(draft('update', {}, last)).toMatchObject({
      name: 'Cards',
      impact: 'critical',
      status: 'identified',
      components: { 'c-bank': 'partial_outage' },
    });
    expect(draft('update', { mitigatedAt: '2026-11-24T04:00:00Z' }, last).status).toBe('monitoring');
  });

  it('ends with everything in order again, what was said before and what is affected now', () => {
    expect(draft('resolve', { place: { scope: 'region', region: 'eastus' }, cells: [] }, last)).toMatchObject({
      name: 'Cards',
      status: 'resolved',
      components: { 'c-bank': 'operational', 'c-east': 'operational' },
      body: 'The problems with East US are over. We are sorry for the trouble.',
    });
  });

  it('says nothing internal, whatever the incident is called', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 4 }), (secret) => {
        const said = JSON.stringify(draft('draft', { title: `${secret}${secret}`, cells: ['cell-banking'] }));
        expect(said).not.toMatch(/cell-|i-17|tenant/);
        expect(said).not.toContain(`${secret}${secret}`);
      }),
    );
  });
});
