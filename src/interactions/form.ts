import type { z } from 'zod';
import { reason } from '../commands/arguments.ts';
import { parseDuration } from '../domain/duration.ts';
import { isOpsError, OpsError } from '../errors.ts';
import type { FieldErrors } from '../ports/incoming.ts';

/** What a modal remembers of where it was opened. */
export function metadata<Shape extends z.ZodType>(text: string, shape: Shape): z.output<Shape> {
  try {
    return shape.parse(JSON.parse(text));
  } catch (cause) {
    throw new OpsError('bad-input', 'This form is not understood any more.', { hint: 'Open it again.', cause });
  }
}

/** Faults by block id: each field is read as it will be, and what is thrown is shown beside it, on one line. */
export function faultsOf(reads: Readonly<Record<string, () => unknown>>): FieldErrors {
  const faults: Record<string, string> = {};
  for (const [field, read] of Object.entries(reads)) {
    try {
      read();
    } catch (error) {
      if (!isOpsError(error)) throw error;
      faults[field] = [error.message, error.hint].filter(Boolean).join(' ').replaceAll('`', '');
    }
  }
  return faults;
}

export const readDuration = (text: string | undefined): string => {
  const typed = text?.trim() ?? '';
  parseDuration(typed);
  return typed;
};

export const readReason = (text: string | undefined): string => reason(text ?? '');
