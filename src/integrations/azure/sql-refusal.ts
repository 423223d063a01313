import { z } from 'zod';
import { shown } from '../../domain/estate.ts';
import { type ErrorCode, OpsError } from '../../errors.ts';

/** What was asked of whom, as whom. */
export interface SqlAsked {
  readonly database: string;
  readonly server: string;
  readonly token: string;
}

/** `number`: of the error that SQL sent, if it did. `connected`: it had let us in before. */
export interface SqlFailure {
  readonly number: number | undefined;
  readonly connected: boolean;
  readonly thrown: unknown;
}

const claimsSchema = z.looseObject({ xms_mirid: z.string() });

/** No such user in the database, or none who may connect (“Database engine events and errors”, 18456, 4060, 916). */
const strangers = [18456, 4060, 916];
/** Firewall (40615), rules of virtual networks (40914), public access switched off (47073). */
const shutOut = [40615, 40914, 47073];
/** “Transient fault error messages” of Azure SQL, and its limits of workers and sessions (10928, 10929, 10936). */
const passing = [615, 926, 4221, 10928, 10929, 10936, 40197, 40501, 40613, 49918, 49919, 49920];

export const countByHand = 'Count by hand what was lost: docs/runbooks/recover-cell.md.';
const letIn =
  'Let the network of Stamps in: a private endpoint of the server, or a rule of its firewall; outbound port 1433, and 11000 to 11999 where Azure redirects.';

/** Why SQL did not answer, in our words: by the number of its own error where it sent one. */
export function sqlRefusal({ database, server, token }: SqlAsked, { number, connected, thrown }: SqlFailure): OpsError {
  const refusal = (code: ErrorCode, message: string, hint: string) =>
    new OpsError(code, message, { hint, service: 'Azure', cause: thrown });
  if (number !== undefined) {
    const says = `(error ${number})`;
    if (strangers.includes(number))
      return refusal('not-allowed', `${database} does not let Stamps in ${says}.`, grantIn(token));
    if (shutOut.includes(number))
      return refusal('not-allowed', `The network of ${server} does not let Stamps in ${says}.`, letIn);
    if (passing.includes(number))
      return refusal('unavailable', `${database} is not available for now ${says}.`, countByHand);
    return refusal('bad-response', `${database} refused to count its rows ${says}.`, countByHand);
  }
  if (z.object({ code: z.literal('ETIMEOUT') }).safeParse(thrown).success)
    return connected
      ? refusal('timeout', `${database} did not count its rows in time.`, countByHand)
      : refusal('timeout', `${server} did not answer in time.`, letIn);
  const says = thrown instanceof Error ? `: “${shown(thrown.message)}”` : '';
  return refusal('unavailable', `Stamps could not reach ${database} on ${server}${says}.`, letIn);
}

/** A managed identity’s token names its resource, which is the user’s name (“Azure AD authentication with Azure SQL”). */
export function grantIn(token: string): string {
  const name = `[${identityName(token) ?? 'name of the app’s managed identity'}]`;
  return `As the server’s Microsoft Entra admin, run there \`CREATE USER ${name} FROM EXTERNAL PROVIDER;\` unless there is one, and \`GRANT VIEW DEFINITION TO ${name};\`, which shows no data. A copy has the users that its original had at its moment: who was let in later must be let into the copy as well.`;
}

function identityName(token: string): string | undefined {
  try {
    const claims = claimsSchema.parse(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')));
    return /\/([\w.-]{1,128})$/.exec(claims.xms_mirid)?.[1];
  } catch {
    return undefined;
  }
}
