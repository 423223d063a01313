import { z } from 'zod';
import { parseDuration } from '../domain/duration.ts';
import { isOpsError } from '../errors.ts';

/** A cell as a person names it; `findCell` says which one is meant. */
export const cellName = z.string('Name a cell.').trim().min(1, 'Name a cell.');

/** A region as a person names it; `findRegion` says which one is meant. */
export const regionName = z.string('Name a region.').trim().min(1, 'Name a region.');

const words = z
  .string('Give a reason.')
  // Marks that hide text or turn it around are taken out.
  .transform((text) =>
    text
      .toWellFormed()
      .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
      .trim(),
  );

/** Why: shown on the card, kept in the lease and in the audit log. */
export const reason = words.pipe(
  z
    .string()
    .min(10, 'Give a reason that others understand, at least 10 characters.')
    .max(500, 'Keep the reason under 500 characters.'),
);

/** A reason where the playbook's name is nearly enough; empty counts as none. */
export const briefReason = (instead: string) =>
  words
    .pipe(z.string().max(500, 'Keep the reason under 500 characters.'))
    .transform((text) => text || instead)
    .prefault(instead);

/** A duration as a person writes it, `4h`; milliseconds for the playbook. */
export const duration = z.string('Give a duration, such as 4h.').transform((text, context) => {
  try {
    return parseDuration(text);
  } catch (error) {
    if (!isOpsError(error)) throw error;
    context.addIssue({ code: 'custom', message: `${error.message} ${error.hint}` });
    return z.NEVER;
  }
});
