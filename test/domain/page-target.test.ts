import { findTarget, type PageTarget } from '../../src/domain/page-target.ts';

const targets: PageTarget[] = [
  { kind: 'policy', id: 'P1', name: 'Platform' },
  { kind: 'policy', id: 'P2', name: 'Databases' },
  { kind: 'policy', id: 'P3', name: 'Databases, at night' },
  { kind: 'person', id: 'U1', name: 'Ben Okafor', email: 'ben@stamps.example' },
  { kind: 'person', id: 'U2', name: 'Benita Cruz', email: 'bc@stamps.example' },
  { kind: 'person', id: 'U3', name: 'Ana Ruiz', email: 'ana@stamps.example' },
];

describe('whom to page', () => {
  it.each([
    ['Platform card payments time out', 'P1', 'card payments time out'],
    ['platform because card payments time out', 'P1', 'card payments time out'],
    ['PLATFORM', 'P1', ''],
    ['Databases the disk is full', 'P2', 'the disk is full'],
    ['Databases, at night the disk is full', 'P3', 'the disk is full'],
    ['"Databases, at night" the disk is full', 'P3', 'the disk is full'],
    ['“databases” the disk is full', 'P2', 'the disk is full'],
    ['Ben Okafor card payments', 'U1', 'card payments'],
    ['ben card payments', 'U1', 'card payments'],
    ['@ben because it is red', 'U1', 'it is red'],
    ['ben@stamps.example it is red', 'U1', 'it is red'],
    ['okafor it is red', 'U1', 'it is red'],
    ['bc it is red', 'U2', 'it is red'],
    ['ruiz because "it" is because of red', 'U3', '"it" is because of red'],
    ['plat because it is red', 'P1', 'it is red'],
    ['Platform payments time out because TLS ended', 'P1', 'payments time out because TLS ended'],
    ['"Databases, at night" the disk is full because of logs', 'P3', 'the disk is full because of logs'],
    ['okafor payments time out because TLS ended', 'U1', 'payments time out because TLS ended'],
  ])('reads “%s”', (text, id, why) => {
    // `ben` alone could be two people: see below.
    const known = /^@?ben\b/i.test(text) ? targets.filter(({ id: of }) => of !== 'U2') : targets;
    const { target, why: read } = findTarget(known, text);
    expect([target.id, read]).toEqual([id, why]);
  });

  it.each([
    ['', 'Whom?', 'because <why>'],
    ['because it is red', 'Whom?', 'because <why>'],
    ['ben it is red', '“ben” could be Ben Okafor (person) or Benita Cruz (person).', 'full name'],
    ['Platfrom it is red', 'PagerDuty has no policy and nobody called “Platfrom”.', 'Did you mean Platform?'],
    ['okafro it is red', 'nobody called “okafro”', 'Did you mean Ben Okafor?'],
    ['zzzzzzz it is red', 'nobody called “zzzzzzz”', '/stamps oncall'],
    ['xy it is red', 'nobody called “xy”', ''],
    ['Databases, in the night because it is red', 'nobody called “Databases, in the night”', 'Databases, at night'],
    ['Platfrom payments time out because it is red', 'nobody called “Platfrom payments time out”', 'Platform'],
    ['Platform night because it is red', 'nobody called “Platform night”', 'Platform'],
  ])('refuses “%s”', (text, message, hint) => {
    expect(() => findTarget(targets, text)).toThrow(
      expect.objectContaining({ message: expect.stringContaining(message), hint: expect.stringContaining(hint) }),
    );
  });
});
