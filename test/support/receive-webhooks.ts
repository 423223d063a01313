import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PagerDutyEmulator } from '../../sandbox/pagerduty/contract.ts';
import type { Paging } from '../../src/alerts/create-paging.ts';

export interface WebhookReceiver {
  readonly server: Server;
  stop(): void;
}

/** Lets PagerDuty's webhooks arrive at the product's own route, on loopback. */
export async function receiveWebhooks(
  pagerDuty: PagerDutyEmulator,
  { routes: [route] }: Paging,
): Promise<WebhookReceiver> {
  const server = createServer((request, response) => route?.handler(request, response));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  pagerDuty.webhookUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/pagerduty/webhook`;
  return {
    server,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
