/**
 * How action groups call a webhook (learn.microsoft.com, “Action groups”, webhook section). Rules kept: a 2xx is the
 * end of it; 408, 429, 503, 504 and a connection that fails are tried again after 5, 20, 5, 40 and 5 s; any other
 * status is not; when the last try failed too, nothing is posted to that address for 15 minutes (here as long as the
 * caller says). An answer may take 10 s (an older text; it is no longer said). Calls are not rate limited.
 */
export interface Posted {
  readonly outcome: 'accepted' | 'refused' | 'given-up' | 'blocked';
  /** Of the last try; absent: no answer. */
  readonly status?: number;
  readonly tries: number;
}

export interface WebhookOptions {
  /** Answers with the status; throws when no answer comes. */
  readonly send: (url: string, body: string) => Promise<number>;
  readonly wait: (ms: number) => Promise<void>;
  readonly now: () => number;
  readonly blockMs: number;
}

const delaysMs = [5_000, 20_000, 5_000, 40_000, 5_000];
const again = new Set([408, 429, 503, 504]);
const answerWithinMs = 10_000;

export class Webhooks {
  readonly #options: WebhookOptions;
  /** By address, until when. */
  readonly #blocked = new Map<string, number>();

  constructor(options: WebhookOptions) {
    this.#options = options;
  }

  async post(url: string, body: string, onRetry: () => void = () => undefined): Promise<Posted> {
    const { send, wait, now, blockMs } = this.#options;
    if ((this.#blocked.get(url) ?? 0) > now()) return { outcome: 'blocked', tries: 0 };
    for (let tries = 1; ; tries += 1) {
      const status = await send(url, body).catch(() => undefined);
      const answer = { tries, ...(status !== undefined && { status }) };
      if (status !== undefined && status >= 200 && status < 300) return { outcome: 'accepted', ...answer };
      if (status !== undefined && !again.has(status)) return { outcome: 'refused', ...answer };
      const delay = delaysMs[tries - 1];
      if (delay === undefined) {
        this.#blocked.set(url, now() + blockMs);
        return { outcome: 'given-up', ...answer };
      }
      onRetry();
      await wait(delay);
    }
  }
}

/** Posts JSON over HTTP; redirects are not followed. */
export async function postJson(url: string, body: string): Promise<number> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body,
    redirect: 'manual',
    signal: AbortSignal.timeout(answerWithinMs),
  });
  await response.arrayBuffer();
  return response.status;
}
