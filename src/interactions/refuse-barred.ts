import type { Person } from '../domain/person.ts';
import { OpsError } from '../errors.ts';

const sentences: Readonly<Record<NonNullable<Person['barred']>, string>> = {
  bot: 'Bots may not operate the estate.',
  deactivated: 'This account is deactivated, so Stamps takes nothing from it.',
  guest: 'Guests may not use Stamps; it serves full members of this workspace.',
  stranger: 'Stamps serves members of its own workspace only, also in shared channels.',
  unknown: 'Slack does not say who you are, so Stamps takes nothing from you.',
};

/** An identity that may do nothing at all is told so on every path, before anything else is looked at. */
export function refuseBarred({ barred }: Pick<Person, 'barred'>): void {
  if (barred !== undefined) throw new OpsError('not-allowed', sentences[barred]);
}
