import { evidentSeverity } from '../../src/domain/evidence.ts';

describe('the severity that evidence shows', () => {
  it.each([
    ['cell', 0, 'P2'],
    ['cell', 1, 'P2'],
    ['cell', 2, 'P2'],
    ['cell', 3, 'P3'],
    ['region', 0, 'P1'],
    ['region', 2, 'P1'],
    ['region', 4, 'P3'],
    ['global', 0, 'P0'],
    ['global', 1, 'P0'],
    ['global', 2, 'P1'],
    ['global', 3, 'P3'],
    ['unknown', 0, 'P2'],
    ['unknown', 4, 'P3'],
  ] as const)('is, for %s at Sev%d, %s', (scope, azureSeverity, severity) => {
    expect(evidentSeverity(scope, azureSeverity)).toBe(severity);
  });
});
