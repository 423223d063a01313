import { z } from 'zod';
import type { PagerDutyEmulator } from './pagerduty/contract.ts';

const id = z.string().min(1).max(100);

/** What an engineer does in PagerDuty's own app, as the page sends it. */
export const PagerRequest = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('acknowledge'), as: id, incident: id }),
  z.strictObject({ do: z.literal('resolve'), as: id, incident: id }),
  z.strictObject({ do: z.literal('time-out'), incident: id }),
  z.strictObject({ do: z.literal('note'), as: id, incident: id, text: z.string().min(1).max(2_000) }),
]);
export type PagerRequest = z.infer<typeof PagerRequest>;

export function doInPager(pager: PagerDutyEmulator, request: PagerRequest): void {
  if (request.do === 'time-out') pager.timeOut(request.incident);
  else if (request.do === 'acknowledge') pager.as(request.as).acknowledge(request.incident);
  else if (request.do === 'resolve') pager.as(request.as).resolve(request.incident);
  else pager.as(request.as).note(request.incident, request.text);
}
