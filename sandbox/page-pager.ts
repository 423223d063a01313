import { z } from 'zod';
import type { PagerDutyEmulator } from './contract.ts';

const id = z.string().min(1).max(100);

/** What an engineer does in PagerDuty's own app, as the page sends it. */
export const PagerRequest = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('acknowledge'), as: id, incident: id }),
  z.strictObject({ do: z.literal('resolve'), as: id, incident: id }),
  z.strictObject({ do: z.literal('note'), as: id, incident: id, text: z.string().min(1).max(2_000) }),
]);
export type PagerRequest = z.infer<typeof PagerRequest>;

export function doInPager(pager: PagerDutyEmulator, request: PagerRequest): void {
  const engineer = pager.as(request.as);
  if (request.do === 'acknowledge') engineer.acknowledge(request.incident);
  else if (request.do === 'resolve') engineer.resolve(request.incident);
  else engineer.note(request.incident, request.text);
}
