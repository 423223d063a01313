/** Calls a minute that Slack lets an app make, by tier (docs.slack.dev/apis/web-api/rate-limits). */
const perMinute: Readonly<Record<string, number>> = {
  'auth.test': 600,
  'apps.connections.open': 20,
  'chat.update': 50,
  'chat.postEphemeral': 100,
  'conversations.history': 50,
  'conversations.replies': 50,
  'conversations.info': 50,
  'conversations.open': 50,
  'canvases.create': 20,
  'canvases.access.set': 50,
  'conversations.create': 20,
  'conversations.archive': 20,
  'conversations.invite': 50,
  'conversations.setTopic': 20,
  'users.conversations': 50,
  'users.info': 100,
  'users.lookupByEmail': 50,
  'usergroups.users.list': 20,
  'usergroups.list': 20,
  'views.open': 100,
  'views.update': 100,
  'views.publish': 100,
  'files.getUploadURLExternal': 100,
  'files.completeUploadExternal': 100,
  'files.info': 100,
  'files.list': 50,
};
/** Posting: about one a second and channel, “short bursts” allowed. How short is not said: this takes 5. */
const postsBurst = 5;

interface Bucket {
  tokens: number;
  at: number;
}

/** Token buckets: a full minute's calls at once, refilled evenly, as “N+ per minute” reads. */
export class RateLimits {
  readonly #buckets = new Map<string, Bucket>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Seconds to wait, for a call that is refused; 0: it may go on. */
  take(method: string, channel: string): number {
    if (method === 'chat.postMessage') return this.#take(`post:${channel}`, postsBurst, 1);
    const tier = perMinute[method];
    return tier === undefined ? 0 : this.#take(method, tier, tier / 60);
  }

  #take(key: string, size: number, perSecond: number): number {
    const now = this.#now();
    const bucket = this.#buckets.get(key) ?? { tokens: size, at: now };
    const tokens = Math.min(size, bucket.tokens + ((now - bucket.at) / 1000) * perSecond);
    const refused = tokens < 1;
    this.#buckets.set(key, { tokens: refused ? tokens : tokens - 1, at: now });
    return refused ? Math.ceil((1 - tokens) / perSecond) : 0;
  }
}
