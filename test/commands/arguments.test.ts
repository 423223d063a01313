import { only, parseArguments, parseFirst, reason, restOfLine, runId } from '../../src/commands/arguments.ts';
import { findCommand } from '../../src/commands/find-command.ts';
import { commands } from '../../src/commands/index.ts';
import { quote } from '../../src/domain/command-line.ts';
import { isOpsError, OpsError } from '../../src/errors.ts';
import { fc } from '../support/properties.ts';

const why = 'card payments time out';
const permutations = (all: readonly string[]): string[][] =>
  all.length === 0
    ? [[]]
    : all.flatMap((one) => permutations(all.filter((it) => it !== one)).map((rest) => [one, ...rest]));

describe('reading what stands behind a command', () => {
  it.each([
    [
      'a cell, a duration, a reason',
      `cell-banking for 4h because ${why}`,
      { words: ['cell-banking'], for: '4h', because: why },
    ],
    ['a reason alone', `cell-banking because ${why}`, { words: ['cell-banking'], because: why }],
    [
      'a duration of several words',
      'cell-banking for 2 hours 5 min',
      { words: ['cell-banking'], for: '2 hours 5 min' },
    ],
    ['capital letters', `cell-banking FOR 4h Because ${why}`, { words: ['cell-banking'], for: '4h', because: why }],
    ['a quoted reason', `x because “${why}”`, { words: ['x'], because: why }],
    ['quotes inside a reason', 'x because “banking” and "retail"', { words: ['x'], because: '“banking” and "retail"' }],
    [
      'a quote in a reason that is not closed',
      'x because 5" pipes burst again',
      { words: ['x'], because: '5" pipes burst again' },
    ],
    [
      'for and because in a reason',
      'x because waited for 4h because of it',
      { words: ['x'], because: 'waited for 4h because of it' },
    ],
    ['a quoted keyword', '"for" “because”', { words: ['for', 'because'] }],
    [
      'line breaks and turned text in a reason',
      'x because pay\u202Ements\n\ntime out',
      { words: ['x'], because: 'payments time out' },
    ],
    ['nothing', '', { words: [] }],
  ])('understands %s', (_, text, wanted) => expect(parseArguments(text, ['for'])).toEqual(wanted));

  it('reads clauses in any order, each up to the next', () => {
    const wanted = { words: ['eastus'], to: 'westus', with: 'data', for: '30 min', because: why };
    const clauses = ['to westus', 'WITH data', 'for 30 min'];
    for (const [first, second, third] of permutations(clauses)) {
      const text = `eastus ${first} ${second} ${third} because ${why}`;
      expect(parseArguments(text, ['to', 'with', 'for'])).toEqual(wanted);
    }
  });

  it('takes a clause once, a quoted one for a word, and none that the command does not have', () => {
    expect(parseArguments('x to y to z', ['to'])).toEqual({ words: ['x'], to: 'y to z' });
    expect(parseArguments('x “to” y', ['to'])).toEqual({ words: ['x', 'to', 'y'] });
    expect(parseArguments('x to y')).toEqual({ words: ['x', 'to', 'y'] });
    expect(parseArguments('x for 4h')).toEqual({ words: ['x', 'for', '4h'] });
    expect(() => parseArguments('x to for 4h', ['to', 'for'])).toThrow('Something is missing behind “to”.');
  });

  it.each([
    ['for without a duration', 'x for', 'For how long?'],
    ['for just before because', `x for because ${why}`, 'For how long?'],
    ['because without a reason', 'x because', 'The reason is too short: 0 of at least 10 characters.'],
    ['a reason that says nothing', 'x because broken', 'The reason is too short: 6 of at least 10 characters.'],
    [
      'a reason of invisible marks',
      `x because ${'\u200b'.repeat(40)}`,
      'The reason is too short: 0 of at least 10 characters.',
    ],
    [
      'a reason of 600 characters',
      `x because ${'y'.repeat(600)}`,
      'The reason is too long: 600 characters, 500 at most.',
    ],
    ['a quote that is not closed', '"cell banking', 'A quotation mark is not closed.'],
  ])('refuses %s', (_, text, message) =>
    expect(() => parseArguments(text, ['for'])).toThrow(new OpsError('bad-input', message)),
  );

  it('takes the rest of a line as it is', () => {
    expect(parseFirst('r-17 because nobody is "awake')).toEqual({ first: ['r-17'], rest: 'nobody is "awake' });
    expect(parseFirst('')).toEqual({ first: [], rest: '' });
    expect(restOfLine('  because Azure is away ')).toBe('Azure is away');
  });

  it('takes exactly one thing where one is wanted', () => {
    expect(only(['r-17'], 'run', 'run <id>')).toBe('r-17');
    expect(() => only([], 'run', 'run <id>')).toThrow('Which run?');
    expect(() => only(['a', 'b\u202E'], 'run', 'run <id>')).toThrow('“b” is one word too many.');
  });

  it.each([
    ['r-17', 'r-17'],
    ['R-17', 'r-17'],
    ['17', 'r-17'],
    ['r-017', 'r-17'],
  ])('reads the run %s as %s', (typed, id) => expect(runId(typed)).toBe(id));

  it.each(['', 'banking', 'r-', 'r-17; drop table', '<!channel>', 'r-1234567890', '-1'])(
    'does not take “%s” for a run',
    (typed) => expect(() => runId(typed)).toThrow(/is not a run/),
  );
});

describe('whatever is typed', () => {
  const line = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 4_000 }),
    fc
      .array(
        fc.constantFrom(
          'isolate',
          'lease',
          'extend',
          'for',
          'because',
          '4h',
          '"',
          '“',
          '\\',
          'cell-banking',
          '<!channel>',
          '`',
          '\n',
        ),
        { maxLength: 20 },
      )
      .map((parts) => parts.join(' ')),
  );

  it('is understood, or refused with a sentence and a hint', () => {
    fc.assert(
      fc.property(line, (text) => {
        for (const read of [() => parseArguments(text), () => findCommand(commands, text), () => parseFirst(text)]) {
          try {
            read();
          } catch (error) {
            expect(isOpsError(error) && error.hint !== undefined && error.message.length < 300).toBe(true);
          }
        }
      }),
    );
  });

  it('a quoted name comes through whole', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (name) => {
        const keyword = ['for', 'because'].includes(name.toLowerCase());
        const typed = keyword ? `"${name}"` : quote(name);
        expect(parseArguments(`${typed} because ${why}`)).toEqual({ words: [name], because: why });
      }),
    );
  });

  it('a reason that was taken is taken again unchanged', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 10, maxLength: 300 }), (typed) => {
        let taken: string;
        try {
          taken = reason(typed);
        } catch {
          return;
        }
        expect(taken).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        expect(taken.isWellFormed()).toBe(true);
      }),
    );
  });
});
