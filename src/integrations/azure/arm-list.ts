import { z } from 'zod';
import { OpsError } from '../../errors.ts';
import type { Arm } from './arm.ts';

const page = z.looseObject({ value: z.array(z.unknown()), nextLink: z.string().nullish() });
/** A list that goes on for ever is a fault of somebody's. */
const mostPages = 500;

/** Every item of a list of ARM, over its pages. */
export async function armList<T>(
  arm: Arm,
  { path, apiVersion }: { readonly path: string; readonly apiVersion: string },
  item: z.ZodType<T>,
  signal: AbortSignal,
): Promise<T[]> {
  const items: unknown[] = [];
  let { body } = await arm.send({ method: 'GET', path, apiVersion }, signal);
  for (let pages = 1; ; pages += 1) {
    const { value, nextLink } = page.parse(body);
    items.push(...value);
    if (!nextLink) return z.array(item).parse(items);
    if (pages >= mostPages) {
      throw new OpsError('bad-response', `Azure’s list has more than ${mostPages} pages.`, { service: 'Azure' });
    }
    ({ body } = await arm.follow(nextLink, signal));
  }
}

const subscription = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** `/subscriptions/<id>` of a checked id. Throws `bad-input`. */
export function subscriptionPath(subscriptionId: string): string {
  if (!subscription.test(subscriptionId)) throw new OpsError('bad-input', 'That is not the id of a subscription.');
  return `/subscriptions/${subscriptionId}`;
}
