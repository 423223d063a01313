import type { Database } from '../engine/database.ts';
import { isOpsError } from '../errors.ts';
import { type Route, readBody } from '../ports/http.ts';
import type { Logger } from '../ports/logger.ts';
import type { PagerNews, ReadPagerNews } from '../ports/pager-news.ts';

/** “All webhooks with a final size greater than 256 KB are always dropped” (docs/webhooks, “Behavior”). */
const longestBody = 256 * 1024;

/**
 * `POST /pagerduty/webhook`: verified, stored, then 202 within PagerDuty's 5 s. It is worked on afterwards. Only what is
 * not PagerDuty's gets a 4xx, which is never repeated; what cannot be stored now gets 503, which is.
 */
export function createPagerWebhook(database: Database, read: ReadPagerNews, logger: Logger): Route {
  return {
    path: '/pagerduty/webhook',
    method: 'POST',
    handler(request, response) {
      void (async () => {
        const raw = await readBody(request, longestBody);
        if (raw === undefined) return 413;
        await store(database, read(request.headers, raw));
        return 202;
      })()
        .catch((error: unknown) => {
          const refused = isOpsError(error, 'not-allowed') || isOpsError(error, 'bad-input');
          logger[refused ? 'warn' : 'error'](
            { err: error, from: request.socket.remoteAddress },
            refused
              ? 'a webhook was refused; three of PagerDuty’s own would switch it off for a day'
              : 'a webhook could not be stored',
          );
          return isOpsError(error, 'not-allowed') ? 401 : isOpsError(error, 'bad-input') ? 400 : 503;
        })
        .then((status) => {
          if (!response.headersSent && !response.destroyed) response.writeHead(status).end();
        });
    },
  };
}

/** A repeat, of the delivery or of the event under another delivery's id, is stored once. */
async function store(database: Database, news: PagerNews): Promise<void> {
  await database.query(
    `insert into stamps.pager_news (event_id, webhook_id, occurred_at, news) values ($1, $2, $3, $4) on conflict do nothing`,
    [news.id, news.webhookId, news.at, JSON.stringify(news)],
  );
}
