import { OpsError } from '../errors.ts';
import { secondMs } from './duration.ts';
import { shown } from './estate.ts';
import { typedMoment } from './typed-moment.ts';

/**
 * What one store of a cell can be brought back to. Moments are ISO 8601, UTC.
 * `beside`: a copy as of any moment from `earliest` to `latest`. `in place`: the vendor restores only over what is
 * there, so it is done with the swap, by people who know what it overwrites. `no`: not at all, with `why` and the way `byHand`.
 */
export type StoreFinding = { readonly store: 'SQL' | 'blobs' | 'Cosmos'; readonly name: string } & (
  | { readonly how: 'beside'; readonly earliest: string; readonly latest: string }
  | {
      readonly how: 'in place';
      readonly earliest: string;
      readonly latest: string;
      readonly why: string;
      readonly byHand: string;
    }
  | { readonly how: 'no'; readonly why: string; readonly byHand: string }
);
type Beside = Extract<StoreFinding, { how: 'beside' }>;

/**
 * How the stores that a cell's app works on stand to those that the estate file names. `others`: it was swapped;
 * `named` are the file's, `mend` says in a sentence what to write there.
 */
export type ServingStores =
  | { readonly how: 'as named' }
  | { readonly how: 'others'; readonly named: readonly string[]; readonly mend: string }
  | { readonly how: 'not known'; readonly why: string };

export interface RestoreRange {
  readonly earliest: string;
  readonly latest: string;
}

export function besideOf(findings: readonly StoreFinding[]): Beside[] {
  return findings.filter((finding) => finding.how === 'beside');
}

/**
 * Whether blobs go back to that moment with the swap, over what is there; `left`: they do not, and why, as a line.
 */
export function blobsAt(found: StoreFinding, at: string): { name: string; left?: string } {
  const { name } = found;
  if (found.how === 'beside') return { name };
  const { byHand } = found;
  const left = (why: string) => ({ name, left: `The blobs of ${name} are left as they are: ${why} ${byHand}` });
  if (found.how === 'no') return left(found.why);
  const [earliest, moment, latest] = [found.earliest, at, found.latest].map(Date.parse) as [number, number, number];
  if (earliest <= moment && moment <= latest) return { name };
  return left(`they can be restored from ${clock(found.earliest)} to ${clock(found.latest)} only.`);
}

/**
 * The moments to which all stores that can be copied can be brought together, in whole seconds; undefined when there
 * is no such store, or no such moment.
 */
export function commonRange(findings: readonly StoreFinding[]): RestoreRange | undefined {
  const able = besideOf(findings);
  if (able.length === 0) return undefined;
  const earliest = Math.max(...able.map((it) => Math.ceil(Date.parse(it.earliest) / secondMs)));
  const latest = Math.min(...able.map((it) => Math.floor(Date.parse(it.latest) / secondMs)));
  // What is no moment at all is in no range.
  return !(earliest <= latest) ? undefined : { earliest: inSeconds(earliest), latest: inSeconds(latest) };
}

/**
 * The one moment for all stores: the one that was asked for, or the latest there is. Throws `refused` with the ranges
 * when no store can be copied, or not to that moment.
 */
export function chooseMoment(findings: readonly StoreFinding[], wanted: string): string {
  const able = besideOf(findings);
  if (able.length === 0) {
    throw new OpsError('refused', 'None of its stores can be restored beside the original.', {
      hint: findings.map((it) => (it.how === 'beside' ? '' : `${it.store}: ${it.why} ${it.byHand}`)).join(' '),
    });
  }
  const range = commonRange(findings);
  if (!range) {
    throw new OpsError('refused', 'There is no one moment to which all its stores can be restored.', {
      hint: `${rangesInWords(able)}. Restore them one by one by hand, and expect them not to agree.`,
    });
  }
  if (wanted === 'latest') return range.latest;
  const at = Date.parse(wanted);
  if (at >= Date.parse(range.earliest) && at <= Date.parse(range.latest)) return inSeconds(Math.floor(at / secondMs));
  throw new OpsError('refused', `${clock(wanted)} is outside of what can be restored.`, {
    hint: `All of it together: ${clock(range.earliest)} to ${clock(range.latest)}. ${rangesInWords(able)}.`,
  });
}

/** A moment with its zone, as ISO 8601 in UTC and whole seconds, or `latest`. Throws `bad-input`. */
export function parseMoment(text: string): string {
  const word = text.trim();
  if (/^latest$/i.test(word)) return 'latest';
  const ms = typedMoment(word);
  if (ms !== undefined) return inSeconds(Math.floor(ms / secondMs));
  throw new OpsError('bad-input', `“${shown(text)}” is not a moment.`, {
    hint: 'Write it with its zone: `2026-01-15T10:30Z`, or `latest`.',
  });
}

/** `20260115T103000`: what the copies of one moment have in their names. */
export function momentTag(at: string): string {
  return new Date(at).toISOString().slice(0, 19).replace(/[-:]/g, '');
}

/** `SQL from … to …; Cosmos from … to …` */
export function rangesInWords(findings: readonly StoreFinding[]): string {
  return besideOf(findings)
    .map(({ store, earliest, latest }) => `${store} from ${clock(earliest)} to ${clock(latest)}`)
    .join('; ');
}

/** `2026-01-15 10:30:00 UTC`; what is no moment, as in a tag that somebody changed, as it is. */
export function clock(iso: string): string {
  if (Number.isNaN(Date.parse(iso))) return iso;
  return `${new Date(iso).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** Where the lease of a recovery stands: a lease by the cell's own name would say that the cell is out of service. */
export function recoverySubject(cell: string): string {
  return `${recovery}${cell}`;
}

/** The cell whose data a lease keeps; undefined: it is a lease on a part of the estate itself. */
export function recoveredCell(subject: string): string | undefined {
  return subject.startsWith(recovery) ? subject.slice(recovery.length) : undefined;
}

const recovery = 'recovery/';

function inSeconds(seconds: number): string {
  return new Date(seconds * secondMs).toISOString();
}
