import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** Slack's window (docs.slack.dev, “Verifying requests from Slack”), taken on both sides: Bolt's own is open to the future. */
export const windowSeconds = 300;

/**
 * Is this request Slack's, and of now? Header text must be canonical (`v0=` and 64 hex digits, a decimal timestamp),
 * so that no second spelling of the same signature passes. Constant time over the signature.
 */
export function isFromSlack(
  headers: IncomingHttpHeaders,
  rawBody: Buffer,
  signingSecret: string,
  nowMs: number,
): boolean {
  const timestamp = headers['x-slack-request-timestamp'];
  const signature = headers['x-slack-signature'];
  if (typeof timestamp !== 'string' || !/^\d{1,12}$/.test(timestamp)) return false;
  if (typeof signature !== 'string' || !/^v0=[0-9a-f]{64}$/.test(signature)) return false;
  if (Math.abs(nowMs / 1000 - Number(timestamp)) > windowSeconds) return false;
  const expected = createHmac('sha256', signingSecret).update(`v0:${timestamp}:`).update(rawBody).digest();
  return timingSafeEqual(Buffer.from(signature.slice(3), 'hex'), expected);
}
