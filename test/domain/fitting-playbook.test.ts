import type { AlertPlace } from '../../src/domain/alert.ts';
import { parseEstate } from '../../src/domain/estate-file.ts';
import { fittingPlaybook } from '../../src/domain/fitting-playbook.ts';
import type { IncidentState } from '../../src/domain/incident.ts';
import { jointPlace, placeOfCells } from '../../src/domain/incident-place.ts';
import { estateText } from '../support/playbook-world.ts';

const estate = parseEstate(estateText);
const banking: AlertPlace = { scope: 'cell', region: 'eastus', cell: 'cell-banking' };
const retail: AlertPlace = { scope: 'cell', region: 'eastus', cell: 'cell-retail' };
const eastus: AlertPlace = { scope: 'region', region: 'eastus' };
const everywhere: AlertPlace = { scope: 'global' };
const unknown: AlertPlace = { scope: 'unknown' };

describe('the playbook that fits', () => {
  const fits = (place: AlertPlace, out: string[] = [], state: IncidentState = 'open') =>
    fittingPlaybook({ state, place }, estate, out);

  it.each([
    ['a cell is isolated', fits(banking), { playbook: 'isolate-cell', cell: 'cell-banking' }],
    [
      'also once somebody has it',
      fits(banking, [], 'acknowledged'),
      { playbook: 'isolate-cell', cell: 'cell-banking' },
    ],
    ['not one that is out already', fits(banking, ['cell-banking']), undefined],
    ['not a protected one', fits({ ...banking, cell: 'cell-healthcare' }), undefined],
    ['not one that the estate lost', fits({ ...banking, cell: 'cell-gone' }), undefined],
    ['a region is failed over', fits(eastus), { playbook: 'failover-region', region: 'eastus' }],
    ['the whole estate is looked at first', fits(everywhere), { playbook: 'none-yet' }],
    ['nothing for what nobody knows', fits(unknown), undefined],
    ['nothing any more at its end', fits(banking, [], 'resolved'), undefined],
  ])('%s', (_, found, expected) => {
    expect(found).toEqual(expected);
  });

  it('is no failover where there is one region', () => {
    const alone = { cells: estate.cells, regions: estate.regions.slice(0, 1) };
    expect(fittingPlaybook({ state: 'open', place: eastus }, alone, [])).toBeUndefined();
  });
});

describe('the place of an incident', () => {
  it.each([
    [banking, banking, banking],
    [banking, retail, eastus],
    [banking, eastus, eastus],
    [banking, { scope: 'cell', region: 'westus', cell: 'cell-banking-dr' } as const, everywhere],
    [eastus, { scope: 'region', region: 'westus' } as const, everywhere],
    [eastus, everywhere, everywhere],
    [unknown, banking, banking],
    [unknown, unknown, unknown],
  ])('that holds %j and %j is %j, in either order', (a, b, joint) => {
    expect(jointPlace(a, b)).toEqual(joint);
    expect(jointPlace(b, a)).toEqual(joint);
  });

  it.each([
    [['cell-banking'], banking],
    [['cell-banking', 'cell-retail'], eastus],
    [['cell-banking', 'cell-banking-dr'], everywhere],
    [['cell-gone'], undefined],
    [[], undefined],
  ])('of the cells %j is %j', (cells, place) => {
    expect(placeOfCells(estate, cells)).toEqual(place);
  });
});
