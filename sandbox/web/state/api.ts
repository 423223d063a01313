import type { FaultRequest } from '../../page-faults.ts';
import type { HandsRequest } from '../../page-hands.ts';
import type { PagerRequest } from '../../page-pager.ts';
import type { Delivery } from '../../slack/contract.ts';

/** A person does something in the workspace. Throws with a sentence when the sandbox refuses or is gone. */
export async function sendHands(request: HandsRequest): Promise<Delivery | undefined> {
  const { delivery } = (await post('/api/hands', request)) as { delivery?: Delivery };
  return delivery;
}

export async function sendFault(request: FaultRequest): Promise<void> {
  await post('/api/faults', request);
}

export async function sendPager(request: PagerRequest): Promise<void> {
  await post('/api/pager', request);
}

async function post(path: string, body: unknown): Promise<unknown> {
  const request = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(path, request).catch(() => {
    throw new Error('The sandbox does not answer. Is it still running?');
  });
  const answer: unknown = await response.json();
  if (!response.ok) throw new Error((answer as { error: string }).error);
  return answer;
}
