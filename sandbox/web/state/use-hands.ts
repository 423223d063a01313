import { useCallback } from 'react';
import type { HandsRequest } from '../../page-hands.ts';
import type { Delivery } from '../../slack/contract.ts';
import { sendHands } from './api.ts';
import { useNotice } from './notices.tsx';

type Work = HandsRequest extends infer One ? (One extends { as: string } ? Omit<One, 'as'> : never) : never;
export type Hands = (work: Work) => Promise<Delivery | undefined>;

/** The hands of one person. What fails is told as Slack tells it; it never rejects. */
export function useHands(as: string): Hands {
  const tell = useNotice();
  return useCallback(
    async (work) => {
      try {
        const delivery = await sendHands({ ...work, as } as HandsRequest);
        const failed = delivery && !(delivery.status >= 200 && delivery.status < 300);
        if (failed && !saysSoItself.includes(work.do)) tell(failure(delivery));
        return delivery;
      } catch (error) {
        tell(error instanceof Error ? error.message : String(error));
        return undefined;
      }
    },
    [as, tell],
  );
}

/** What Slack tells of by itself: with a message from Slack, or in the form. */
const saysSoItself: readonly Work['do'][] = ['command', 'submit'];

function failure({ status, ms }: Delivery): string {
  const answer =
    status === 0 ? `Stamps did not answer within ${Math.round(ms / 100) / 10} s` : `Stamps answered ${status}`;
  return `That did not work: ${answer}. You can try again.`;
}
