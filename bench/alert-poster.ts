import { Agent, request } from 'node:http';

export interface PostedAlert {
  readonly id: string;
  readonly rule: string;
  readonly severity: number;
  readonly target: string;
}

/** Posts alerts as an action group does, over connections that stay open; answers with the status, 0 for none. */
export function createAlertPoster(url: string, secret: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const address = `${url}/alerts/azure-monitor?secret=${encodeURIComponent(secret)}`;
  return {
    post({ id, rule, severity, target }: PostedAlert): Promise<number> {
      const body = JSON.stringify({
        schemaId: 'azureMonitorCommonAlertSchema',
        data: {
          essentials: {
            alertId: `/subscriptions/bench/providers/Microsoft.AlertsManagement/alerts/${id}`,
            alertRule: rule,
            severity: `Sev${severity}`,
            signalType: 'Metric',
            monitorCondition: 'Fired',
            monitoringService: 'Platform',
            alertTargetIDs: [target],
            firedDateTime: new Date().toISOString(),
            description: `${rule} on ${target}`,
          },
          alertContext: {
            condition: {
              windowSize: 'PT5M',
              allOf: [{ metricName: 'Requests', operator: 'GreaterThan', threshold: '10', metricValue: 99 }],
            },
          },
        },
      });
      return new Promise((resolve) => {
        const sent = request(
          address,
          {
            method: 'POST',
            agent,
            headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
          },
          (response) => {
            response.resume();
            response.once('end', () => resolve(response.statusCode ?? 0));
          },
        );
        sent.once('error', () => resolve(0));
        sent.end(body);
      });
    },
    close: () => agent.destroy(),
  };
}
