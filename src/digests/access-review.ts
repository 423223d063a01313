import { type AccessReview, compareAccess, type Grant } from '../domain/maintenance.ts';
import type { Queries } from '../engine/database.ts';

/** Old enough to be last month's. */
const leastDays = 20;

/** Keeps today's grants, and compares them with the newest kept before that is of another month. */
export async function reviewAccess(
  queries: Queries,
  subscriptionId: string,
  grants: readonly Grant[],
  at: number,
): Promise<AccessReview> {
  const day = new Date(at).toISOString().slice(0, 10);
  await queries.query(
    `insert into stamps.access_reviews (day, subscription_id, grants) values ($1, $2, $3)
     on conflict (day, subscription_id) do update set grants = excluded.grants`,
    [day, subscriptionId, JSON.stringify(grants)],
  );
  const [before] = await queries.query<{ day: string; grants: Grant[] }>(
    `select to_char(day, 'YYYY-MM-DD') as day, grants from stamps.access_reviews
     where subscription_id = $1 and day <= $2::date - $3::int order by day desc limit 1`,
    [subscriptionId, day, leastDays],
  );
  if (!before) return { grants, added: [], removed: [] };
  return { grants, since: before.day, ...compareAccess(before.grants, grants) };
}
