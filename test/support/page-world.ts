import type {
  AcceptedWrite,
  AzureEmulator,
  AzureFaults,
  CellSnapshot,
  EstateSnapshot,
} from '../../sandbox/azure/contract.ts';
import { type AppStatus, freshSwitches, type World } from '../../sandbox/page-state.ts';
import { type FakeSlack, fakeSlack } from './page-slack.ts';

export interface FakeWorld extends World {
  readonly slack: FakeSlack;
  /** What the Azure, pager and bot buttons asked for. */
  readonly asked: { what: string; args: unknown[] }[];
  estate: EstateSnapshot;
  readonly accepted: AcceptedWrite[];
  /** Tells the page that the estate changed. */
  changed(): void;
}

function cell(name: string, region: string, more: Partial<CellSnapshot> = {}): CellSnapshot {
  return {
    name,
    region,
    role: 'active',
    healthy: true,
    tenants: 12,
    demand: 420,
    served: 420,
    errorShare: 0,
    servedBy: [name],
    replicas: 6,
    capacity: 900,
    revisions: [{ name: `app-${name}--v12`, active: true }],
    sql: { objective: 'S3', times: 1, pooled: false, replicated: false },
    ...more,
  };
}

const standby = (name: string) =>
  cell(name, 'westus', { role: 'standby', tenants: 0, demand: 0, served: 0, replicas: 3 });

/** The page's world without processes and ports, for its tests. */
export function fakeWorld(): FakeWorld {
  const asked: FakeWorld['asked'] = [];
  const listeners = new Set<() => void>();
  const status: AppStatus = { state: 'ready', says: 'The bot is ready.', pid: 4242, since: 0 };
  const faults = new Proxy({} as AzureFaults, {
    get:
      (_, what: string) =>
      (...args: unknown[]) =>
        void asked.push({ what, args }),
  });
  const accepted: AcceptedWrite[] = [];
  const world: FakeWorld = {
    slack: fakeSlack(),
    asked,
    accepted,
    estate: {
      regions: [
        {
          name: 'eastus',
          gateway: 'idle',
          led: 1,
          endpointOn: true,
          writes: ['SQL', 'Cosmos'],
          cells: [
            cell('cell-banking', 'eastus', { tenants: 14 }),
            cell('cell-retail', 'eastus', { tenants: 31, demand: 610, served: 610 }),
            cell('cell-healthcare', 'eastus', { tenants: 8, demand: 180, served: 180 }),
          ],
        },
        {
          name: 'westus',
          gateway: 'idle',
          led: 0,
          endpointOn: true,
          writes: [],
          cells: [standby('cell-banking-dr'), standby('cell-retail-dr'), standby('cell-healthcare-dr')],
        },
      ],
      trouble: [],
      replication: 'CATCH_UP',
      routing: 'Priority',
    },
    azure: {
      armUrl: '',
      metricsUrl: '',
      cosmosUrl: '',
      ca: '',
      env: {},
      estateFile: '',
      snapshot: () => world.estate,
      subscribe: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      faults,
      alerts: {
        secret: 'a-secret-of-the-fake-world',
        postTo: () => {},
        snapshot: () => ({ newest: [], total: 0, firing: 0, toPost: 0, notified: {} }),
        flood: async (...args) => void asked.push({ what: 'flood', args }),
        resolveFlood: async () => void asked.push({ what: 'resolveFlood', args: [] }),
        switchRule: (...args) => void asked.push({ what: 'switchRule', args }),
      },
      accepted,
      configuration: () => ({}),
      close: async () => {},
    } satisfies AzureEmulator,
    pager: {
      eventsUrl: '',
      apiUrl: '',
      routingKey: 'fake',
      apiToken: 'fake',
      appEmail: 'fake@stamps.example',
      webhookSecret: 'fake',
      webhookUrl: undefined,
      incidents: [],
      account: {
        users: [{ id: 'PUANA01', name: 'Ana Ruiz' }],
        onCall: [{ policy: 'Platform', level: 1, who: 'Ana Ruiz' }],
        webhooks: { off: false, tries: [] },
      },
      subscribe: () => () => {},
      as: (userId) => ({
        acknowledge: (id) => void asked.push({ what: 'pagerAcknowledge', args: [userId, id] }),
        resolve: (id) => void asked.push({ what: 'pagerResolve', args: [userId, id] }),
        note: (id, text) => void asked.push({ what: 'pagerNote', args: [userId, id, text] }),
        reopen: (id) => void asked.push({ what: 'pagerReopen', args: [userId, id] }),
        reassign: (id, to) => void asked.push({ what: 'pagerReassign', args: [userId, id, to] }),
        escalate: (id) => void asked.push({ what: 'pagerEscalate', args: [userId, id] }),
        delegate: (id, policy) => void asked.push({ what: 'pagerDelegate', args: [userId, id, policy] }),
        prioritise: (id, priority) => void asked.push({ what: 'pagerPrioritise', args: [userId, id, priority] }),
      }),
      timeOut: (...args) => void asked.push({ what: 'pagerTimeOut', args }),
      escalate: (...args) => void asked.push({ what: 'pagerEscalate', args }),
      loseNoteAnswers: (...args) => void asked.push({ what: 'loseNoteAnswers', args }),
      throttle: (...args) => void asked.push({ what: 'throttlePager', args }),
      throttling: (...args) => void asked.push({ what: 'throttlingPager', args }),
      throttleRest: (...args) => void asked.push({ what: 'throttlePagerRest', args }),
      replayWebhook: async () => {
        asked.push({ what: 'replayWebhook', args: [] });
        return 202;
      },
      switchWebhooksOn: () => void asked.push({ what: 'switchWebhooksOn', args: [] }),
      close: async () => {},
    },
    statuspage: {
      apiUrl: '',
      pageId: 'fakepage',
      apiKey: 'fake',
      snapshot: () => ({ components: [{ id: 'bnk', name: 'Banking', status: 'operational' }], incidents: [] }),
      subscribe: () => () => {},
      loseAnswers: (...args) => void asked.push({ what: 'loseStatuspageAnswers', args }),
      throttle: (...args) => void asked.push({ what: 'throttleStatuspage', args }),
      accepted: 0,
      close: async () => {},
    },
    bot: {
      status: () => status,
      subscribe: () => () => {},
      restart: async () => void asked.push({ what: 'restart', args: [] }),
      kill: () => void asked.push({ what: 'kill', args: [] }),
    },
    switches: freshSwitches(),
    changed: () => {
      for (const listener of listeners) listener();
    },
  };
  return world;
}
