import { quote } from '../../src/domain/command-line.ts';
import { createDesk } from '../support/fakes/desk.ts';

const why = 'because the power is out in two zones';
const turned = '\u202Esutsae\u202C';

/** What people type at the worst of times; each gets a sentence that says what is wrong, and nothing is asked for. */
describe('the commands of a disaster, mistyped', () => {
  it.each([
    [`failover eastus ${why}`, 'Say from which region to which.'],
    [`failover eastus to ${why}`, 'Something is missing behind “to”.'],
    [`failover to westus ${why}`, 'Say from which region to which.'],
    [`failover eastus westus ${why}`, 'Say from which region to which.'],
    [`failover eastus to westus accepting ${why}`, 'Something is missing behind “accepting”.'],
    [`failover eastus to westus accepting fate ${why}`, '“fate” is not understood'],
    [`failover eastsu to westus ${why}`, 'There is no region “eastsu”.\nDid you mean eastus?'],
    [`failover eastus to "west us" ${why}`, 'There is no region “west us”.\nDid you mean westus?'],
    [`failover eastus to northpole ${why}`, 'There is no region “northpole”.\nThere are eastus, westus.'],
    [`failover ${turned} to westus ${why}`, 'There is no region “sutsae”.'],
    [`failover \u200Feastus\u200F to westus ${why}`, 'There are invisible characters in it. Type it by hand: eastus.'],
    [`failover <!channel> to westus ${why}`, 'There is no region “&lt;!channel&gt;”.'],
    [`failover ${'x'.repeat(2_000)} to westus ${why}`, `There is no region “${'x'.repeat(59)}…”.`],
    [`failover eastus to westus for ever ${why}`, '“ever” is not a duration'],
    [`failover eastus to westus for 400d ${why}`, '400d is too long'],
    ['failover "eastus to westus', 'A quotation mark is not closed.'],
    [`failback ${why}`, 'Which region?'],
    [`failback eastus for 3h ${why}`, '“for” is one word too many.'],
    [`failback "" ${why}`, 'Which region?'],
    [`failback cell-banking ${why}`, 'There is no region “cell-banking”.'],
    [`drill ${why}`, 'Which region?'],
    [`drill eastus with friends ${why}`, '“friends” is not understood'],
    [`drill eastus for 0m ${why}`, '0s is too short'],
    [`drill eastus to ${quote(`we"st`)} ${why}`, 'There is no region “we"st”.'],
    ['recover', 'Say which cell, and to when.'],
    [`recover cell-healthcare to yesterday ${why}`, '“yesterday” is not a moment.\nWrite it with its zone'],
    [`recover cell-healthcare to 2026-13-45T99:99Z ${why}`, '“2026-13-45T99:99Z” is not a moment.'],
    [`recover cell-healthcare to 2026-02-30T10:00Z ${why}`, '“2026-02-30T10:00Z” is not a moment.'],
    [`recover cell-healthcare to 2026-01-15T10:30 ${why}`, 'Write it with its zone'],
    [`recover cell-healthcare to 15/01/2026 10:30 ${why}`, '“15/01/2026 10:30” is not a moment.'],
    [`recover cell-healthcare to \u202E2026-01-15T10:30Z ${why}`, 'is not a moment.'],
    [`recover cell-healthcare to <!here> ${why}`, '“&lt;!here&gt;” is not a moment.'],
    ['recover cell-healthcare to 2026-01-15T10:30Z', 'Say why, for whoever approves.'],
    [`recover cell-healthcare to 2026-01-15T10:30Z for a while ${why}`, '“a while” is not a duration'],
    [`recover cell-helthcare to latest ${why}`, 'Did you mean cell-healthcare'],
    [`recover eastus to latest ${why}`, 'There is no cell “eastus”.'],
    [`recover swap ${why}`, 'Which cell?'],
    ['recover swap cell-healthcare', 'Say why, for whoever approves.'],
    [`recover swap cell-healthcare without mercy ${why}`, '“mercy” is not understood'],
    [`recover swap cell-healthcare for 3h ${why}`, '“for” is one word too many.'],
    [`recover release cell-healthcare now ${why}`, '“now” is one word too many.'],
    [`recover release cell-healthcare for 3h ${why}`, '“for” is one word too many.'],
    ['undo', 'Which run?'],
    ['undo r-17; drop table', '“drop” is one word too many.'],
    ['undo <!channel>', '“&lt;!channel&gt;” is not a run.'],
    ['undo r-17 for 3h', '“for” is one word too many.'],
    [`restore cell-banking for 3h ${why}`, '“for” is one word too many.'],
    [`alerts sync cell-banking cell-retail ${why}`, 'That is more than one cell.'],
    [`alerts sync eastus ${why}`, 'There is no cell “eastus”.'],
  ])('%j: %s', async (text, answer) => {
    const desk = createDesk();
    const shown = await desk.type(text);
    expect(shown).toContain(answer);
    expect(shown).not.toMatch(/<!|[\u200F\u202E]/);
    expect(shown.length).toBeLessThan(1_000);
    expect(desk.operations.calls.filter(([what]) => what === 'request' || what === 'undo')).toEqual([]);
  });
});
