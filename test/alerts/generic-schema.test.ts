import { readGenericAlert } from '../../src/alerts/generic-schema.ts';

const now = '2026-03-01T10:00:00.000Z';
const least = { version: 1, id: 'disk-7', status: 'fired', rule: 'Disk is full' };

describe('the generic alert', () => {
  it('needs an id, a status and a rule', () => {
    expect(readGenericAlert(least, now)).toMatchObject({ rule: 'Disk is full', azureSeverity: 1, firedAt: now });
  });

  it('gives fired and resolved one instance', () => {
    const [fired, resolved] = [readGenericAlert(least, now), readGenericAlert({ ...least, status: 'resolved' }, now)];
    expect(resolved.instance).toBe(fired.instance);
    expect(resolved.key).not.toBe(fired.key);
    expect(resolved.resolvedAt).toBe(now);
  });

  it('is one alert however often it is posted, and another when it fires at another time', () => {
    const later = '2026-03-01T11:00:00Z';
    expect(readGenericAlert(least, later).key).toBe(readGenericAlert(least, now).key);
    expect(readGenericAlert({ ...least, firedAt: later }, now).key).not.toBe(readGenericAlert(least, now).key);
  });

  it.each([
    ['a setting that nobody knows', { ...least, extra: 1 }],
    ['another version', { ...least, version: 2 }],
    ['no id', { ...least, id: '' }],
    ['a link that is not https', { ...least, link: 'javascript:alert(1)' }],
    ['a moment that is none', { ...least, firedAt: 'today' }],
    ['a list', [least]],
    ['null', null],
  ])('refuses %s', (_, body) => {
    expect(() => readGenericAlert(body, now)).toThrow('This is not an alert');
  });
});
