import type { TokenCredential } from '@azure/identity';
import { MetricsClient } from '@azure/monitor-query-metrics';
import { monitorOptions } from './monitor-options.ts';

/** “Migrate from the metrics API to the getBatch API”: 50 resources a call, of one subscription, region and type. */
export const batchSize = 50;

/** One client for each region's host. */
export function metricsClients(credential: TokenCredential): (url: string) => MetricsClient {
  const clients = new Map<string, MetricsClient>();
  return (url) => {
    const client =
      clients.get(url) ?? new MetricsClient(url, credential, { audience: audienceOf(url), ...monitorOptions });
    clients.set(url, client);
    return client;
  };
}

/** Tokens are for the cloud's metrics service, whatever the region: `https://metrics.monitor.azure.com`, `….cn`, `….us`. */
function audienceOf(url: string): string {
  const cloud = /(?:^|\.)metrics\.monitor\.azure\.(com|cn|us)$/.exec(new URL(url).hostname)?.[1];
  return `https://metrics.monitor.azure.${cloud ?? 'com'}`;
}
