import type { ServerResponse } from 'node:http';
import type { Route } from '../ports/http.ts';
import { alive, type HealthAnswer, type Probe, readiness } from './health.ts';
import type { PrometheusMetrics } from './metrics.ts';

/** `GET /healthz` (alive), `GET /readyz` (what it needs is reachable), `GET /metrics` (Prometheus). */
export function createRoutes(metrics: PrometheusMetrics, probes: Readonly<Record<string, Probe>>): Route[] {
  const json = (response: ServerResponse, { status, body }: HealthAnswer) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  return [
    { path: '/healthz', method: 'GET', handler: (_, response) => json(response, alive()) },
    {
      path: '/readyz',
      method: 'GET',
      handler: (_, response) => void readiness(probes).then((answer) => json(response, answer)),
    },
    {
      path: '/metrics',
      method: 'GET',
      handler: (_, response) =>
        void metrics
          .render()
          .then(({ contentType, body }) => response.writeHead(200, { 'content-type': contentType }).end(body)),
    },
  ];
}
