import { kqlString, withBindings } from '../../../src/integrations/azure/kql.ts';
import { checkKql } from '../../support/kusto.ts';
import { fc } from '../../support/properties.ts';

// Microsoft's parser is large to load.
jest.setTimeout(30_000);

describe('a text in KQL', () => {
  it.each([
    ['plain', '"plain"'],
    ['"; AppRequests | take 1 //', '"\\u0022; AppRequests | take 1 //"'],
    ['back\\slash', '"back\\u005cslash"'],
    ['two\nlines', '"two\\u000alines"'],
    ['Zürich 🏦', '"Z\\u00fcrich \\ud83c\\udfe6"'],
  ])('%j is the literal %s', (text, literal) => {
    expect(kqlString(text)).toBe(literal);
  });

  it('never gets out of its quotes, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(kqlString(text)).toMatch(/^"(?:[^"\\\n]|\\u[0-9a-f]{4})*"$/);
      }),
    );
  });

  it('is taken by Microsoft’s parser as one text', () => {
    const nasty = `"'\\ \`;let x=1;//[](){}\n`;
    expect(checkKql(withBindings('print value = given', { given: nasty }))).toEqual({
      faults: [],
      columns: { value: 'string' },
    });
  });

  it('is bound to a name only', () => {
    expect(() => withBindings('print 1', { 'a = 1; let b': 'x' })).toThrow('no name');
  });
});
