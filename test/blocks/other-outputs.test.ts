import { readFileSync } from 'node:fs';
import { postmortem } from '../../src/blocks/postmortem.ts';
import { escapeXml } from '../../src/pictures/svg.ts';
import { hostileCorpus, seeded } from '../support/hostile-corpus.ts';
import { filesBelow } from '../support/source-files.ts';
import { shapesOf } from '../support/values-of-shapes.ts';

jest.setTimeout(240_000);

/**
 * Texts that leave by another door than a message or a view: files, canvases, pictures, channels, pages, the status
 * page. Which file opens which door stands here, so that a new one is looked at.
 */
const doors: Readonly<Record<string, readonly string[]>> = {
  // JSON lines, for machines: nothing in it is live.
  'src/commands/audit-export.ts': ['upload'],
  // Markdown; tried below.
  'src/alerts/publish-postmortem.ts': ['createCanvas', 'upload', 'wantEffect'],
  // Texts in pictures are tried below, their descriptions stand in blocks.
  'src/alerts/metric-graphs.ts': ['uploadPicture'],
  'src/digests/create-digests.ts': ['uploadPicture'],
  'src/kpis/create-kpis.ts': ['uploadPicture'],
  'src/scaling/picture-of.ts': ['uploadPicture'],
  // A name of small letters and digits, and plain text: test/alerts/incident-channels.test.ts.
  'src/alerts/incident-channels.ts': ['createChannel', 'setTopic'],
  // What goes to PagerDuty and Statuspage is tried, with all of the corpus, in test/alerts/outside-corpus.test.ts.
  'src/alerts/direct-pages.ts': ['wantEffect'],
  'src/alerts/incident-effects.ts': ['wantEffect', 'wantPage'],
  'src/alerts/rung-pages.ts': ['wantEffect'],
  // A channel's id, by Slack.
  'src/alerts/archive-channels.ts': ['wantEffect'],
  'src/alerts/pager-notes.ts': ['wantEffect'],
  'src/engine/effects.ts': ['wantEffect'],
  'src/engine/break-glass.ts': ['wantPage'],
  'src/engine/pages.ts': ['wantEffect', 'wantPage'],
  'src/engine/stopped-run.ts': ['wantPage'],
  'src/engine/sweeps.ts': ['wantPage'],
  'src/alerts/status-desk.ts': ['publish'],
  'src/alerts/status-updates.ts': ['publish', 'wantEffect'],
  'src/interactions/statuspage-submit.ts': ['publish'],
};
const names = [
  'upload',
  'uploadPicture',
  'createCanvas',
  'createChannel',
  'setTopic',
  'publish',
  'wantEffect',
  'wantPage',
];

describe('every other door', () => {
  it('stands in the table', () => {
    const found = filesBelow('src')
      .filter((path) => !/^src\/(integrations|ports)\//.test(path))
      .flatMap((path) => {
        const text = readFileSync(path, 'utf8');
        const opened = names.filter((name) => new RegExp(`(\\.|\\b)${name}\\(`).test(text)).sort();
        return opened.length > 0 ? [[path, opened] as const] : [];
      });
    expect(Object.fromEntries(found)).toEqual(doors);
  });
});

/** Where Slack says that a picture of ours is. */
const address = 'https://stamps.slack.example/files/U0STAMPS/F0GRAPH/graph.png';
/** Numbers, hashes and names of ours. */
const ours: Readonly<Record<string, string>> = {
  id: 'i-17',
  playbook: 'isolate-cell',
  planHash: '0123456789abcdef',
  address,
};

describe('a post-mortem', () => {
  it('keeps every text of the corpus in code spans, where nothing is live', () => {
    const corpus = hostileCorpus();
    const shapes = shapesOf(['src/blocks/postmortem.ts']);
    const one = shapes.functions.find(({ name }) => name === 'postmortem');
    if (!one) throw new Error('there is no post-mortem');
    const faults = new Set<string>();
    for (const [round] of corpus.entries()) {
      const draw = seeded(round + 1);
      let next = round;
      const text = (name: string) => {
        const known = ours[name];
        if (known !== undefined) return known;
        const taken = corpus[next++ % corpus.length] as string;
        return ['before', 'after', 'found', 'input', 'args'].includes(name) ? taken.toWellFormed() : taken;
      };
      const [given] = shapes.argumentsFor(one, { text, draw });
      const document = postmortem(given as never);
      const outside = document.replace(/`[^`\n]*`/g, '').replaceAll(`![graph](${address})`, '');
      for (const live of outside.match(/<[!@#a-z/][^\n]{0,40}|\]\([^\n]{0,40}|!\[[^\n]{0,40}/gi) ?? [])
        faults.add(live);
      if (!document.isWellFormed()) faults.add('half a character');
    }
    expect([...faults].slice(0, 5)).toEqual([]);
  });
});

describe('texts in pictures', () => {
  it('are text to every reader of SVG, whatever they hold', () => {
    const wrong = hostileCorpus().filter((text) => {
      const escaped = escapeXml(text);
      return /[<>"]/.test(escaped) || /&(?!amp;|lt;|gt;|quot;)/.test(escaped) || !escaped.isWellFormed();
    });
    expect(wrong).toEqual([]);
  });
});
