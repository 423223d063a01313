import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { OpsError } from '../../src/errors.ts';
import { faultsOfMessage, faultsOfView } from '../support/block-limits.ts';
import { hostileCorpus, seeded } from '../support/hostile-corpus.ts';
import { filesBelow } from '../support/source-files.ts';
import { type FunctionShape, shapesOf } from '../support/values-of-shapes.ts';

jest.setTimeout(240_000);

/**
 * Every function of `src/blocks` that makes a message or a view, found by what it returns: a new one is tried without
 * anybody thinking of it. Its arguments are whatever its types allow, all free texts from the corpus.
 */
const corpus = hostileCorpus();
const files = filesBelow('src/blocks').filter((path) => path.endsWith('.ts'));
const shapes = shapesOf(files);
const outputs = shapes.functions.filter(({ returns, returnsList }) => returns.includes('blocks') && !returnsList);
/** Several messages at once. */
const parts = shapes.functions.filter(({ returns }) => returns.includes('first') && returns.includes('thread'));

/** What no stranger can choose: what Slack gave out, and what our own files say. By property, of any output or of one. */
const given: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '': { fileId: 'F0PICTURE1', channel: 'C0INCIDENTS', zone: 'UTC', timeZone: 'UTC' },
  // Numbers of ours, in a form's hidden part and in a menu's values.
  incidentUpdateModal: { id: 'i-17' },
  incidentCard: { id: 'i-17' },
  // The database's clock.
  dailyDigest: { at: '2026-11-24T03:11:00.000Z', from: '2026-11-23T03:11:00.000Z' },
  capacityReport: { at: '2026-11-24T03:11:00.000Z' },
  maintenanceReport: { at: '2026-11-24T03:11:00.000Z' },
  // The address of the canvas, by Slack.
  postmortemMade: { url: 'https://example.slack.com/docs/T0STAMPS/F0CANVAS' },
  // Words of ours, put together where the form is read.
  updated: { changed: 'severity P1' },
};
/** The page's own ids of its components; no two are alike. */
const numbered: Readonly<Record<string, string>> = { statusUpdateModal: 'id' };
/** States of resources are hashed and stored, which takes no half characters. */
const stored = new Set(['before', 'after', 'found', 'input', 'args']);

/** Parts from which outputs are put together: their callers give them blocks, which are tried there. */
const putTogether = ['message', 'say'];

const isError = (name: string) => name === 'problem';

async function load({ file, name }: FunctionShape): Promise<(...args: unknown[]) => unknown> {
  const module = (await import(join(process.cwd(), file))) as Record<string, (...args: unknown[]) => unknown>;
  return module[name] as (...args: unknown[]) => unknown;
}

function faults(output: unknown): string[] {
  if (typeof output !== 'object' || output === null) return [];
  if (Array.isArray(output)) return output.flatMap(faults);
  if ('type' in output && 'blocks' in output) return faultsOfView(output);
  if ('text' in output && 'blocks' in output) return faultsOfMessage(output as never);
  return Object.values(output).flatMap(faults);
}

/** `<!channel>` stands before a notification when policy says so, and nowhere else. */
function withoutPolicysCall(output: unknown, [view]: readonly unknown[]): unknown {
  const { mentionChannel = false } = (view ?? {}) as { mentionChannel?: boolean };
  const { text } = (output ?? {}) as { text?: string };
  if (!mentionChannel || typeof text !== 'string') return output;
  return { ...(output as object), text: text.replace(/^<!channel> /, '') };
}

describe('the hostile corpus', () => {
  it('has at least 500 texts, the same for the same seed', () => {
    expect(corpus.length).toBeGreaterThanOrEqual(500);
    expect(hostileCorpus(1)).toEqual(corpus);
    expect(hostileCorpus(2)).not.toEqual(corpus);
  });

  it('has a text for each sort of thing that Slack brings to life', () => {
    for (const sign of ['<!channel>', '<!here>', '<!everyone>', '<!subteam^', '<@U', '<#C', '<http', '<!date^']) {
      expect(corpus.filter((text) => text.includes(sign)).length).toBeGreaterThan(5);
    }
  });
});

describe('every message and view', () => {
  const tried = [...outputs, ...parts].filter(({ name }) => !putTogether.includes(name));

  it('is found', () => {
    expect(tried.length).toBeGreaterThan(35);
    const names = tried.map(({ name }) => name);
    for (const known of [
      'runCard',
      'incidentCard',
      'homeView',
      'isolateModal',
      'problem',
      'alertsCheckCard',
      'dailyDigest',
    ]) {
      expect(names).toContain(known);
    }
    expect(existsSync('src/blocks')).toBe(true);
  });

  it.each(tried.map((one) => [`${one.file.split('/').at(-1)} ${one.name}`, one] as const))(
    '%s keeps every text of the corpus dead and every limit',
    async (_, one) => {
      const make = await load(one);
      const found = new Set<string>();
      let made = 0;
      for (const [round] of corpus.entries()) {
        const draw = seeded(round + 1);
        let next = round;
        const text = (name: string) => {
          const known = given[one.name]?.[name] ?? given['']?.[name];
          if (known !== undefined) return known;
          next += 1;
          if (numbered[one.name] === name) return `c${next}`;
          // The first text of a round is the round's own, so that each stands in the first place once.
          const taken = corpus[
            (next - 1 + (next > round + 1 ? Math.floor(draw() * corpus.length) : 0)) % corpus.length
          ] as string;
          return stored.has(name) ? taken.toWellFormed() : taken;
        };
        const args = isError(one.name)
          ? [new OpsError('bad-input', text('message'), { hint: text('hint') })]
          : shapes.argumentsFor(one, { text, draw });
        for (const fault of faults(withoutPolicysCall(make(...args), args))) found.add(fault.slice(0, 200));
        made += 1;
        if (found.size > 3) break;
      }
      expect([...found]).toEqual([]);
      expect(made).toBe(corpus.length);
    },
  );
});
