import { type Document, isNode, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import { z } from 'zod';
import { isOpsError, OpsError } from '../errors.ts';
import { type DurationLimits, parseDuration } from './duration.ts';
import { nearest } from './estate.ts';

const mostCharacters = 1_000_000;
const mostFaults = 50;

/**
 * Reads a configuration file in YAML through a schema. `schemaFor` sees the raw value first, so that references
 * within the file are judged together with everything else.
 * Throws one `misconfigured` whose message has every fault on a line of its own, with its line and path in words.
 * Refused: doubled keys, aliases, unknown tags, several documents, more than a million characters.
 */
export function readYaml<Schema extends z.ZodType>(
  text: string,
  name: string,
  schemaFor: (raw: unknown) => Schema,
): z.output<Schema> {
  const lines = new LineCounter();
  const document = parse(text, name, lines);
  const raw: unknown = document.toJS();
  const parsed = schemaFor(raw).safeParse(raw, { error: inWords });
  if (parsed.success) return parsed.data;
  throw faulty(
    name,
    parsed.error.issues.flatMap((issue) => faultsOf(issue, document, lines)),
  );
}

/** The one error for all the faults of a file, a line each; of more than 50, the first 50. */
export function faulty(name: string, all: readonly string[]): OpsError {
  const faults = [...new Set(all.map((says) => (/[.!?]$/.test(says) ? says : `${says}.`)))];
  const count = faults.length === 1 ? 'a fault' : `${faults.length} faults`;
  const more = faults.length > mostFaults ? [`And ${faults.length - mostFaults} more.`] : [];
  return new OpsError(
    'misconfigured',
    [`The ${name} has ${count}.`, ...faults.slice(0, mostFaults), ...more].join('\n'),
    {
      hint: `Mend the ${name} and start again; nothing was changed.`,
    },
  );
}

/** `; did you mean cell-banking?`, or nothing. */
export function didYouMean(named: string, known: readonly string[]): string {
  const [near] = nearest(named, known, 1);
  return near === undefined ? '' : `; did you mean ${near}?`;
}

/** A duration in the file, as milliseconds. */
export function durationSetting(limits: DurationLimits) {
  return z.string('must be a duration such as 30m or 4h').transform((value, context) => {
    try {
      return parseDuration(value, limits);
    } catch (error) {
      if (!isOpsError(error)) throw error;
      context.addIssue({ code: 'custom', message: `is no good: ${error.message} ${error.hint}` });
      return z.NEVER;
    }
  });
}

function parse(text: string, name: string, lines: LineCounter): Document {
  if (text.length > mostCharacters) throw faulty(name, ['It is longer than a million characters.']);
  let document: Document;
  try {
    document = parseDocument(text, { lineCounter: lines, prettyErrors: false, strict: true });
  } catch (cause) {
    // Only nesting deeper than the stack gets here: the parser reports everything else.
    throw faulty(name, [`It is no readable YAML: ${cause instanceof Error ? cause.message : 'unknown fault'}.`]);
  }
  const faults = [...document.errors, ...document.warnings].map(({ message, pos }) => at(lines, pos[0], message));
  visit(document, {
    Alias(_, node) {
      faults.push(at(lines, node.range?.[0], 'Aliases (*name) are not taken; write it out'));
    },
    Pair(_, { key }) {
      // Schemas pass over this one key in silence.
      if (isScalar(key) && key.value === '__proto__') faults.push(at(lines, key.range?.[0], '__proto__ is no setting'));
    },
  });
  if (document.contents === null) faults.push('It is empty.');
  if (faults.length > 0) throw faulty(name, faults);
  return document;
}

function at(lines: LineCounter, offset: number | undefined, says: string): string {
  return offset === undefined ? says : `Line ${lines.linePos(offset).line}: ${says}`;
}

function faultsOf(issue: z.core.$ZodIssue, document: Document, lines: LineCounter): string[] {
  const path = issue.path as (string | number)[];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) =>
      at(lines, offsetOf(document, [...path, key]), `${words([...path, key])} is no setting here`),
    );
  }
  return [at(lines, offsetOf(document, path), `${words(path)} ${issue.message}`)];
}

/** Where the setting stands, or else what should hold it. */
function offsetOf(document: Document, path: readonly (string | number)[]): number | undefined {
  for (let length = path.length; length >= 0; length--) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return undefined;
}

/** `['rules', 1, 'match', 'cells', 0]` → `rules 2 › match › cells 1`. */
function words(path: readonly (string | number)[]): string {
  const parts: string[] = [];
  for (const part of path) {
    if (typeof part === 'number') parts.push(`${parts.pop() ?? 'entry'} ${part + 1}`);
    else parts.push(String(part));
  }
  return parts.join(' › ') || 'The file';
}

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a block of settings',
  record: 'a block of settings',
};

/** What is wrong, to follow the path: `rules 2 › approvals` + `must be a whole number`. A schema's own words win. */
function inWords(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is missing' : `must be ${kinds[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.join(', ')}`;
    case 'too_small':
      if (issue.origin === 'string' || issue.origin === 'array') return 'must not be empty';
      return `must be ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}`;
    case 'too_big':
      if (issue.origin === 'string') return `may have at most ${issue.maximum} characters`;
      if (issue.origin === 'array') return `may have at most ${issue.maximum} entries`;
      return `must be at most ${issue.maximum}`;
    case 'invalid_key':
      return 'is no name that can be used: begin with a small letter, then small letters, digits and dashes';
    default:
      return 'is not valid';
  }
}
