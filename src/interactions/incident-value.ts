import { OpsError } from '../errors.ts';

/** The incident that a button carries: `i-17`. Throws `bad-input` for anything else. */
export function incidentValue(value: string): string {
  if (/^i-\d{1,9}$/.test(value)) return value;
  throw new OpsError('bad-input', 'This button is not understood any more; its card is too old.', {
    hint: '`/stamps incidents` shows what there is now.',
  });
}
