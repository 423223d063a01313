import { suggest } from '../../../../sandbox/web/workspace/suggestions.ts';

const places = { cells: ['cell-banking', 'cell-banking-dr', 'cell-retail'], regions: ['eastus', 'westus'] };
const labels = (text: string, inThread = false) => suggest(text, { places, inThread }).map(({ label }) => label);

describe('suggestions', () => {
  it('offers the commands that begin as typed', () => {
    expect(labels('/stamps re')).toEqual(['/stamps restore <cell>', '/stamps recover <cell>', '/stamps resume']);
    expect(labels('/')).toContain('/stamps help');
  });

  it('offers cells after a command that takes one', () => {
    expect(labels('/stamps isolate retail')).toEqual(['cell-retail']);
    expect(suggest('/stamps restore bank', { places, inThread: false })[0]?.text).toBe('/stamps restore cell-banking ');
  });

  it('offers regions after a command that takes one', () => {
    expect(labels('/stamps failover ')).toEqual(['eastus', 'westus']);
    expect(suggest('/stamps drill east', { places, inThread: false })[0]?.text).toBe('/stamps drill eastus ');
  });

  it('offers nothing that stands there already', () => {
    expect(labels('/stamps status')).toEqual([]);
    expect(labels('/stamps isolate cell-retail')).toEqual([]);
    expect(labels('/stamps isolate cell-retail for 4h because it is slow')).toEqual([]);
  });

  it('offers mentions with their verbs in a thread, and no commands', () => {
    expect(labels('/sta', true)).toEqual([]);
    expect(labels('@', true)).toEqual(['@stamps']);
    expect(labels('@stamps ap', true)).toEqual(['@stamps approve']);
    expect(suggest('hello @st', { places, inThread: true })[0]?.text).toBe('hello @stamps ');
  });
});
