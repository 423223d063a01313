import { readFileSync } from 'node:fs';
import { parseAlertRules } from '../../../src/domain/alert-rules-file.ts';
import type { Policy } from '../../../src/domain/approval.ts';
import { parseEstate } from '../../../src/domain/estate-file.ts';
import { defaultIncidentPolicy } from '../../../src/domain/incident-policy.ts';
import { OpsError } from '../../../src/errors.ts';
import { createIncomingHandler } from '../../../src/interactions/handle-incoming.ts';
import { definitionsOf } from '../../../src/kpis/definitions.ts';
import type {
  Incoming,
  IncomingAction,
  IncomingCommand,
  IncomingMention,
  IncomingPin,
  IncomingSubmission,
} from '../../../src/ports/incoming.ts';
import { createFakeAzure } from '../fake-azure.ts';
import { estateText } from '../playbook-world.ts';
import { ana } from '../sample-run.ts';
import { shownText } from '../shown-text.ts';
import { createFakeChat } from './fake-chat.ts';
import { createFakeClock } from './fake-clock.ts';
import { createFakeIncidents } from './fake-incidents.ts';
import { createFakeKpis } from './fake-kpis.ts';
import { createFakeLogger } from './fake-logger.ts';
import { createFakeOnCall } from './fake-on-call.ts';
import { createFakeOperations } from './fake-operations.ts';
import { createFakePeople } from './fake-people.ts';
import { createFakeReports } from './fake-reports.ts';
import { createFakeScaling } from './fake-scaling.ts';
import { createFakeSilences } from './fake-silences.ts';
import { createFakeStatusPage } from './fake-status-page.ts';

export const policy: Policy = {
  groups: {},
  rules: [
    {
      match: {},
      requesters: ['oncall'],
      approvals: 1,
      approvers: ['leads'],
      fromDifferentGroups: false,
      expiresAfterMs: 1_800_000,
      remindBeforeMs: 300_000,
    },
  ],
  breakGlass: { who: ['oncall'], remindEveryMs: 3_600_000 },
  operators: ['operators'],
  incidents: {
    ...defaultIncidentPolicy,
    channel: 'C0INCIDENTS',
    responders: ['oncall', 'leads'],
    ladder: [{ tell: 'leads' }],
  },
  caps: { isolatedCells: 1, healthyCellsPerRegion: 1, fallbackUtilisationShare: 0.8 },
};

export const incidents = 'C0INCIDENTS';

const anEstate = parseEstate(estateText);
const declared = parseAlertRules(readFileSync('alert-rules.yml', 'utf8'), anEstate, definitionsOf(anEstate));

/** Everything behind the Slack transport, in memory: hand it what Slack would tell us, look at what people see. */
export function createDesk(
  options: { withoutAzure?: boolean; withoutAlertRules?: boolean; homeChannel?: string } = {},
) {
  const estate = parseEstate(estateText);
  const azure = createFakeAzure(estate);
  const chat = createFakeChat();
  const operations = createFakeOperations();
  const incidentBook = createFakeIncidents();
  const silenceBook = createFakeSilences();
  const onCall = createFakeOnCall();
  const statusPage = createFakeStatusPage();
  const scaling = createFakeScaling();
  const people = createFakePeople();
  const clock = createFakeClock();
  const log = createFakeLogger();
  const reports = createFakeReports();
  const kpis = createFakeKpis();
  const threads = new Map<string, string>([[`${incidents}/17.0`, 'r-17']]);
  const incidentThreads = new Map<string, string>([[`${incidents}/27.0`, 'i-17']]);
  const deps = {
    operations: operations.operations,
    incidents: incidentBook.incidents,
    silences: silenceBook.silences,
    unreadAlerts: { groups: async () => [], one: () => Promise.reject(new OpsError('bad-input', 'There is none.')) },
    onCall: onCall.desk,
    statusPage: statusPage.desk,
    scaling: scaling.desk,
    chat: chat.chat,
    people: people.people,
    estate,
    policy,
    reports: reports.reports,
    kpis: kpis.desk,
    clock: clock.clock,
    logger: log.logger,
    threadIncident: async (channel: string, ts: string) => incidentThreads.get(`${channel}/${ts}`),
    threadRun: async (channel: string, ts: string) => threads.get(`${channel}/${ts}`),
    ...(!options.withoutAzure && { azure: azure.ports, probes: azure.disaster.probes }),
    ...(!options.withoutAlertRules && { alertRules: declared }),
    ...(options.homeChannel !== undefined && { homeChannel: options.homeChannel }),
  };
  const handle = createIncomingHandler(deps);
  const from = (personId: string) => ({ key: 'key-1', personId, teamId: 'T0STAMPS' });

  const tell = async (incoming: Incoming): Promise<string> => {
    const before = chat.shown.length;
    await handle(incoming);
    return chat.shown
      .slice(before)
      .map((shown) =>
        'content' in shown
          ? shownText(shown.content)
          : 'view' in shown
            ? shownText(shown.view)
            : 'file' in shown
              ? shown.file.text
              : shown.altText,
      )
      .join('\n');
  };
  return {
    ...{
      estate,
      declared,
      azure,
      chat,
      reports,
      kpis,
      operations,
      incidentBook,
      silenceBook,
      onCall,
      statusPage,
      scaling,
      people,
      clock,
      log,
      deps,
      handle,
      tell,
    },
    /** Types `/stamps …`; answers with all that was shown. */
    type: (text: string, personId = ana, with_: Partial<IncomingCommand> = {}) =>
      tell({
        ...from(personId),
        type: 'command',
        channel: incidents,
        text,
        responseUrl: 'https://hooks/1',
        triggerId: 't1',
        ...with_,
      }),
    press: (actionId: string, value: string, personId = ana, with_: Partial<IncomingAction> = {}) =>
      tell({
        ...from(personId),
        type: 'action',
        actionId,
        value,
        channel: incidents,
        messageTs: '17.1',
        threadTs: '17.0',
        triggerId: 't1',
        ...with_,
      }),
    /** In App Home, where there is no channel. */
    pressAtHome: (actionId: string, value: string, personId = ana) =>
      tell({ ...from(personId), type: 'action', actionId, value, triggerId: 't1' }),
    submit: (callbackId: string, values: IncomingSubmission['values'], privateMetadata: string, personId = ana) =>
      tell({ ...from(personId), type: 'submission', callbackId, values, privateMetadata }),
    mention: (text: string, personId = ana, with_: Partial<IncomingMention> = {}) =>
      tell({ ...from(personId), type: 'mention', channel: incidents, ts: '17.2', threadTs: '17.0', text, ...with_ }),
    pin: (text: string, personId = ana, with_: Partial<IncomingPin> = {}) =>
      tell({
        ...from(personId),
        type: 'pin',
        channel: incidents,
        ts: '27.5',
        threadTs: '27.0',
        authorId: 'U0BEN',
        text,
        ...with_,
      }),
    openHome: (personId = ana) => tell({ ...from(personId), type: 'home' }),
  };
}

/** What the engine is asked for when somebody requests a playbook at this desk. */
export function requestOf(playbook: string, input: object, requester = ana) {
  return ['request', { requestKey: 'key-1', playbook, input, channel: incidents, requester }];
}
