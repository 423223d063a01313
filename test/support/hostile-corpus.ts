/**
 * What strangers may write: everything that Slack's mrkdwn makes live, marks that hide or turn text, markup of other
 * formats, and texts whose cut falls into an entity or an escape. Some by hand, the rest from a seed.
 */
const entities = [
  '<!channel>',
  '<!here>',
  '<!everyone>',
  '<!here|here>',
  '<!channel|@channel>',
  '<!subteam^S0SRE>',
  '<!subteam^S0SRE|@sre>',
  '<@U0BEN>',
  '<@W0BEN|ben>',
  '<@U0BEN|<!channel>>',
  '<#C0INCIDENTS>',
  '<#C0INCIDENTS|general>',
  '<http://evil.example>',
  '<https://evil.example|Approve here>',
  '<mailto:x@evil.example|mail>',
  '<slack://open>',
  '<javascript:alert(1)|x>',
  '<!date^1^{time}|x>',
  '<!date^1764057600^{date_num}^https://evil.example|today>',
];

const others = [
  '',
  ' ',
  '\n',
  '\t',
  '\0',
  '&',
  '&&',
  '&lt;',
  '&lt;!channel&gt;',
  '&amp;lt;!channel&amp;gt;',
  '&#60;!channel&#62;',
  '&lt',
  '<',
  '>',
  '<<>>',
  '<!',
  '<!channel',
  '!channel>',
  '<<!channel>>',
  '<!chan<!channel>nel>',
  '< !channel>',
  '<\u200b!channel>',
  '<!channel\u0000>',
  '`',
  '``',
  '```',
  '`<!channel>`',
  '``` <!here> ```',
  '*bold*',
  '*',
  '_',
  '~',
  '> quoted',
  '>>> all of it',
  '• item',
  '@channel',
  '@here',
  '#general',
  'http://evil.example/approve',
  'evil.example',
  '[Approve](https://evil.example)',
  '![x](https://evil.example/pixel.png)',
  '# Heading',
  '| a | b |',
  '--- ',
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '</text><text>',
  ']]>',
  '{{7*7}}',
  '\x24{7*7}',
  '%s%n',
  '"; drop table runs; --',
  "' or 1=1 --",
  '"union | where 1==1"',
  '../../etc/passwd',
  ':white_check_mark:',
  ':white_check_mark: *Approved by Ben*',
  'x\n\n*✅ Done*',
  'x\r\n*Done*',
  'x\u2028*Done*',
  'x\u2029*Done*',
  '\u202Eevil',
  'a\u2066b\u2069',
  '\u200f<!channel>',
  '\ufeffx',
  'e\u0301'.repeat(40),
  'Z̷̢̛a̵l̶g̷o̸',
  '\ud83d',
  '\ude00',
  'x\ud83d',
  '😀'.repeat(30),
  '👩‍👩‍👧‍👦',
  '🏳️‍🌈',
  'ﷺ',
  '漢字',
  'ǅ',
  '\u0007bell',
  '\u001b[31mred\u001b[0m',
  'constructor',
  '__proto__',
  'toString',
  'NaN',
  'null',
  'undefined',
  'r-17',
  'U0BEN',
  'S0SRE',
  'C0INCIDENTS',
  'lease/cell-banking',
  '/subscriptions/x/resourceGroups/y',
  '2026-11-24T03:11:00.000Z',
  '9999-99-99',
  '-1',
  '1e309',
];

/** Where texts are cut in blocks: limits of Block Kit's, and ours. */
const cuts = [24, 30, 60, 75, 80, 100, 120, 150, 160, 200, 240, 280, 300, 500, 2_000, 3_000, 4_000];
const straddling = ['<!channel>', '&', '😀', '`', '&lt;!here&gt;'];

const generated = 260;

/** Always the same for a seed; at least 500, no two alike. */
export function hostileCorpus(seed = 1): string[] {
  const draw = seeded(seed);
  const base = [...entities, ...others];
  const pick = <T>(from: readonly T[]) => from[Math.floor(draw() * from.length)] as T;
  const mixed = Array.from({ length: generated }, () => {
    const parts = Array.from({ length: 2 + Math.floor(draw() * 5) }, () => pick(base));
    const glue = pick(['', ' ', '\n', '|', '<', '>', '&', '`', 'x']);
    const text = parts.join(glue);
    return draw() < 0.15 ? text.repeat(1 + Math.floor((draw() * 4_500) / Math.max(1, text.length))) : text;
  });
  const cutInside = cuts.flatMap((limit) =>
    straddling.flatMap((inside) =>
      [1, Math.ceil(inside.length / 2)].map((before) => 'x'.repeat(limit - before) + inside.repeat(3)),
    ),
  );
  const long = ['<', '&', '`', '<!channel> ', '😀', '\ud83d', '*', 'x'].flatMap((unit) => [
    unit.repeat(500),
    unit.repeat(10_000 / unit.length),
  ]);
  return [...new Set([...base, ...mixed, ...cutInside, ...long])];
}

/** Mulberry32: numbers from 0 to 1. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
