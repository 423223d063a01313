import { z } from 'zod';
import type { Delivery, SlackEmulator } from './slack/contract.ts';

const id = z.string().min(1).max(255);
const as = id;
const value = z.string().max(3_000).optional();

/** What a person does in the workspace, as the page sends it. */
export const HandsRequest = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('command'), as, channel: id, text: z.string().max(40_000) }),
  z.strictObject({ do: z.literal('say'), as, channel: id, text: z.string().min(1).max(40_000), thread: id.optional() }),
  z.strictObject({ do: z.literal('act'), as, channel: id, ts: id, actionId: id, value }),
  z.strictObject({ do: z.literal('act-in-view'), as, view: id, actionId: id, value }),
  z.strictObject({ do: z.literal('submit'), as, view: id, values: z.record(id, z.string().max(10_000)) }),
  z.strictObject({ do: z.literal('close-view'), as, view: id }),
  z.strictObject({ do: z.literal('pin'), as, channel: id, ts: id }),
  z.strictObject({ do: z.literal('open-home'), as }),
]);
export type HandsRequest = z.infer<typeof HandsRequest>;

/** Does it with that person's hands; answers with the delivery to the app, where there is one. */
export async function doWithHands(slack: SlackEmulator, request: HandsRequest): Promise<Delivery | undefined> {
  const hands = slack.as(request.as);
  switch (request.do) {
    case 'command':
      return hands.command(request.channel, request.text);
    case 'say':
      await hands.say(request.channel, request.text, request.thread);
      return undefined;
    case 'act':
      return hands.act(request.channel, request.ts, request.actionId, request.value);
    case 'act-in-view':
      return hands.actInView(request.view, request.actionId, request.value);
    case 'submit':
      return hands.submit(request.view, request.values);
    case 'close-view':
      await hands.closeView(request.view);
      return undefined;
    case 'pin':
      await hands.pin(request.channel, request.ts);
      return undefined;
    case 'open-home':
      return hands.openHome();
  }
}
