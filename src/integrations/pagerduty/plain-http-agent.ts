import { Agent } from 'node:https';
import { connect, type Socket } from 'node:net';

/** For an events address with http://, such as an emulator's: requests that are made as https go out without TLS. */
export function plainHttpAgent(): Agent {
  return Object.assign(new Agent(), {
    createConnection: ({ host, port }: { host: string; port: number }): Socket => connect(port, host),
  });
}
