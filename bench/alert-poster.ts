import { connect, type Socket } from 'node:net';

export interface PostedAlert {
  readonly id: string;
  readonly rule: string;
  readonly severity: number;
  readonly target: string;
}

const mostConnections = 256;

/**
 * Posts alerts as an action group does, over connections that stay open; answers with the status, 0 for none. Over bare
 * sockets: on the machine of the app that is measured, an HTTP client takes as much CPU as that app.
 */
export function createAlertPoster(url: string, secret: string) {
  const { host, hostname, port } = new URL(url);
  const head = `POST /alerts/azure-monitor?secret=${encodeURIComponent(secret)} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\ncontent-length: `;
  const all = new Set<Socket>();
  const idle: Connection[] = [];
  const line: Posted[] = [];

  function begin(): void {
    while (line.length > 0 && (idle.length > 0 || all.size < mostConnections)) {
      (idle.pop() ?? open()).send(line.shift() as Posted);
    }
  }

  function open(): Connection {
    const socket = connect(Number(port), hostname).setNoDelay().setEncoding('latin1');
    all.add(socket);
    let posted: Posted | undefined;
    let read = '';
    const answer = (status: number) => {
      const { answered } = posted ?? {};
      posted = undefined;
      read = '';
      answered?.(status);
    };
    const connection: Connection = {
      send(next) {
        posted = next;
        socket.write(next.request);
      },
    };
    socket.on('data', (text: string) => {
      read += text;
      const [, status, length] = /^HTTP\/1\.1 (\d{3})[\s\S]*?\r\ncontent-length: (\d+)\r\n/i.exec(read) ?? [];
      const bodyAt = read.indexOf('\r\n\r\n') + 4;
      if (length === undefined || bodyAt < 4 || read.length < bodyAt + Number(length)) return;
      answer(Number(status));
      idle.push(connection);
      begin();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      all.delete(socket);
      const at = idle.indexOf(connection);
      if (at >= 0) idle.splice(at, 1);
      answer(0);
      begin();
    });
    return connection;
  }

  return {
    post(alert: PostedAlert): Promise<number> {
      const body = bodyOf(alert);
      return new Promise((answered) => {
        line.push({ request: `${head}${Buffer.byteLength(body)}\r\n\r\n${body}`, answered });
        begin();
      });
    },
    close() {
      for (const socket of all) socket.destroy();
    },
  };
}

interface Posted {
  readonly request: string;
  answered(status: number): void;
}

interface Connection {
  send(next: Posted): void;
}

function bodyOf({ id, rule, severity, target }: PostedAlert): string {
  return JSON.stringify({
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
}
