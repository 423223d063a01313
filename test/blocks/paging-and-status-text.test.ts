import { directPageCard } from '../../src/blocks/direct-page-card.ts';
import { lastWordsRequest } from '../../src/blocks/last-words-request.ts';
import { httpsLink } from '../../src/blocks/link.ts';
import { notice } from '../../src/blocks/notice.ts';
import { onCallCard } from '../../src/blocks/on-call-card.ts';
import { statusUpdateModal } from '../../src/blocks/status-update-modal.ts';
import { componentStatuses, pageImpacts, pageStatuses } from '../../src/domain/status-update.ts';
import type { OnCallTurn } from '../../src/ports/on-call.ts';
import { faultsOfMessage, faultsOfView } from '../support/block-limits.ts';
import { sampleDraft } from '../support/fakes/fake-status-page.ts';
import { fc } from '../support/properties.ts';

/** What PagerDuty, Statuspage and people may send. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom(
    '',
    '<!channel>',
    '<@U0BEN>',
    '<http://evil.example|ok>',
    '&',
    '`',
    '```',
    '\u202Eevil',
    '\ud83d',
    '|',
    '>',
    '*',
  ),
  fc
    .integer({ min: 100, max: 8_000 })
    .chain((length) => fc.constantFrom('<', '&', '`', 'x', '😀').map((unit) => unit.repeat(length))),
);
const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });
const some = <T>(of: fc.Arbitrary<T>, maxLength: number) => fc.array(of, { maxLength });
const holds = <T>(of: fc.Arbitrary<T>, faults: (value: T) => string[]) =>
  fc.assert(
    fc.property(of, (value) => expect(faults(value)).toEqual([])),
    { numRuns: 80 },
  );
const name = fc
  .record({ name: hostile, slackId: maybe(hostile), from: maybe(hostile), until: maybe(hostile) })
  .map((parts) => Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)));
const turn = fc.record({
  policy: fc.record({ id: fc.constantFrom('P1', 'P2', 'P3'), name: hostile }),
  level: fc.integer({ min: 1, max: 20 }),
  now: some(name, 12),
  next: name,
}) as unknown as fc.Arbitrary<OnCallTurn>;

describe('whatever PagerDuty, Statuspage and people send, nothing comes alive and no limit is passed', () => {
  it('in who is on call, however many there are', () => {
    holds(fc.tuple(some(turn, 200), some(hostile, 12), hostile), ([turns, faults, at]) =>
      faultsOfMessage(onCallCard(turns, faults, at)),
    );
    const many = Array.from(
      { length: 80 },
      (_, n): OnCallTurn => ({ policy: { id: `P${n}`, name: `Policy ${n}` }, level: 1, now: [] }),
    );
    expect(faultsOfMessage(onCallCard(many, [], '2026-11-24T03:00:00Z'))).toEqual([]);
  });

  it('in the card of a page', () => {
    const state = fc.constantFrom('wanted', 'waiting', 'paged', 'failed', 'acknowledged', 'resolved');
    const view = fc.record({ target: hostile, why: hostile, by: hostile, says: hostile, link: hostile, state });
    holds(view, (value) => faultsOfMessage(directPageCard(value as Parameters<typeof directPageCard>[0])));
  });

  it('in the form for the status page', () => {
    const update = fc.record({
      name: hostile,
      status: fc.constantFrom(...pageStatuses),
      impact: fc.constantFrom(...pageImpacts),
      body: hostile,
      components: fc.dictionary(fc.constantFrom('a', 'b'), fc.constantFrom(...componentStatuses)),
    });
    const component = fc.record({
      id: fc.string({ minLength: 1, maxLength: 300 }),
      name: hostile,
      status: fc.constantFrom(...componentStatuses),
    });
    const components = fc.uniqueArray(component, { maxLength: 120, selector: ({ id }) => id });
    holds(fc.tuple(update, components, fc.boolean()), ([value, parts, published]) =>
      faultsOfView(statusUpdateModal(sampleDraft({ update: value, components: parts, published }), 'C1')),
    );
  });

  it('in the request for the last words, and in a notice with a link', () => {
    holds(hostile, (status) => faultsOfMessage(lastWordsRequest('i-1', status)));
    holds(fc.tuple(hostile, hostile, hostile), ([text, link, label]) =>
      faultsOfMessage(notice([text, { link, label }])),
    );
  });
});

describe('a link that a stranger gave', () => {
  it.each([
    ['https://stspg.example/x?a=1&b=2', '<https://stspg.example/x?a=1&amp;b=2|Page>'],
    ['https://a.example/%7C|<!channel>', 'Page'],
    ['http://a.example', 'Page'],
    ['javascript:alert(1)', 'Page'],
    ['https://user:word@a.example', 'Page'],
    ['', 'Page'],
    ['nonsense', 'Page'],
  ])('%s is shown as %s', (address, shown) => {
    expect(httpsLink(address, 'Page')).toBe(shown);
  });
});
