import { incidentCard } from '../../src/blocks/incident-card.ts';
import { incidentDetailsModal } from '../../src/blocks/incident-details-modal.ts';
import { incidentUpdateModal } from '../../src/blocks/incident-update-modal.ts';
import type { Incident } from '../../src/domain/incident.ts';
import type { IncidentView } from '../../src/ports/incident-presenter.ts';
import { faultsOfMessage, faultsOfView } from '../support/block-limits.ts';
import { sampleIncident, sampleIncidentView } from '../support/sample-incident.ts';
import { ana, ben, sampleRun } from '../support/sample-run.ts';
import { buttonsOf, shownText } from '../support/shown-text.ts';

const card = (incident: Partial<Incident> = {}, view: Partial<IncidentView> = {}) =>
  incidentCard(sampleIncidentView(sampleIncident(incident), view));
const buttons = (incident: Partial<Incident>, view: Partial<IncidentView> = {}) =>
  buttonsOf(card(incident, view)).map(({ text }) => text);

describe('the incident card', () => {
  it('tells how bad, what, who must take it until when, where, since when and who is hurt, in this order', () => {
    const text = shownText(card());
    const order = [
      '🟠 P1 · cell-banking: memory above 1 GiB',
      '*🚨 Nobody has acknowledged it*. If nobody does by <!date^1795491360^{time}|03:36 UTC>, managers will be called.',
      '*Where:* cell-banking, eastus',
      '*Since:* <!date^1795489500^',
      '*Tenants: 42* — 2 enterprise, 40 smb',
      'SLA: 2 at 99.99 %, 40 at 99.9 %',
      '*Fits:* isolate cell-banking',
      'Acknowledge',
      '*2 of 3 alerts are still firing*',
      '🔥 *Container memory above 1 GiB* — WorkingSetBytes 1288490188 &gt; 1073741824, <!date^',
      'The working set of the container app is above its limit',
      '… and 2 more, in Details',
      '*What changed there lately*',
      '`i-17`  ·  opened by alerts  ·  joined because cell-banking had an open incident  ·  told: <!subteam^S0ONCALL>',
    ].map((words) => [words, text.indexOf(words)] as const);
    expect(order.filter(([, at]) => at < 0)).toEqual([]);
    expect(order.map(([, at]) => at)).toEqual(order.map(([, at]) => at).sort((a, b) => a - b));
  });

  it.each<[string, Partial<Incident>, Partial<IncidentView>, string[]]>([
    ['open', {}, {}, ['Acknowledge', 'Isolate…', 'Page', 'Resolve', 'Update…', 'Details']],
    [
      'open and paged',
      {},
      { page: 'Paged through PagerDuty.' },
      ['Acknowledge', 'Isolate…', 'Resolve', 'Update…', 'Details'],
    ],
    [
      'open, with a status page configured',
      {},
      { statusPage: true },
      ['Acknowledge', 'Isolate…', 'Page', 'Resolve', 'Update…', 'Status page…', 'Details'],
    ],
    ['resolved, with a status page configured', { state: 'resolved' }, { statusPage: true }, ['Details']],
    ['acknowledged', { state: 'acknowledged' }, {}, ['Isolate…', 'Page', 'Resolve', 'Update…', 'Details']],
    ['resolved', { state: 'resolved' }, {}, ['Details']],
    ['merged', { state: 'merged', mergedInto: 'i-12' }, {}, ['Details']],
  ])('offers, when it is %s, what can be done then', (_, incident, view, texts) => {
    expect(buttons(incident, view)).toEqual(texts);
    expect(faultsOfMessage(card(incident, view))).toEqual([]);
  });

  it('offers no playbook when none fits', () => {
    const { fits: _, ...view } = sampleIncidentView();
    const content = incidentCard(view);
    expect(buttonsOf(content).map(({ text }) => text)).not.toContain('Isolate…');
    expect(shownText(content)).not.toContain('Fits:');
  });

  it('carries the incident in every button, and the severity in the list', () => {
    expect(new Set(buttonsOf(card()).map(({ value }) => value))).toEqual(new Set(['i-17']));
    expect(JSON.stringify(card().blocks)).toContain(
      '"initial_option":{"text":{"type":"plain_text","text":"🟠 P1","emoji":false},"value":"i-17:P1"}',
    );
  });

  it('says who has it, that it is mitigated, and who resolved it', () => {
    const at = '2026-11-24T03:12:00.000Z';
    const taken = { state: 'acknowledged', acknowledgedBy: ana, acknowledgedAt: at, assigneeId: ben } as const;
    expect(shownText(card(taken))).toContain(`since <!date^1795489920^{time}|03:12 UTC>, <@${ben}> has it`);
    expect(shownText(card({ ...taken, mitigatedAt: at }))).toContain('🩹 mitigated at');
    expect(shownText(card({ ...taken, state: 'resolved', resolvedAt: at, resolvedBy: 'stamps' }))).toContain(
      'by Stamps',
    );
    expect(shownText(card({ state: 'resolved', resolvedAt: at, resolvedBy: 'pagerduty' }))).toContain('by PagerDuty');
  });

  it('calls the whole channel only when policy says so, and only while nobody has it', () => {
    expect(card().text).not.toContain('<!channel>');
    expect(card({}, { mentionChannel: true }).text).toContain('<!channel> 🟠 P1 cell-banking');
    expect(card({ state: 'acknowledged' }, { mentionChannel: true }).text).not.toContain('<!channel>');
  });

  it('shows the runs there, and where people talk', () => {
    const text = shownText(card({ ownChannel: 'C0INC17' }, { runs: [sampleRun({ state: 'running' })] }));
    expect(text).toContain('▶️ Running — `r-17` Isolate cell-banking');
    expect(text).toContain('*Talk in:* <#C0INC17>');
  });

  it('says that tenants are not known rather than none', () => {
    const { hurt: _, ...incident } = sampleIncident();
    expect(shownText(incidentCard(sampleIncidentView(incident)))).toContain('*Tenants:* not known yet');
    expect(shownText(card({ hurt: { tenants: 0, byTier: {}, bySla: {} } }))).toContain('*Tenants:* none active');
  });
});

describe('the details of an incident', () => {
  const details = (page: number, pages: number) => ({
    view: sampleIncidentView(),
    alerts: { page, pages, lines: sampleIncidentView().alerts },
    timeline: [{ at: '2026-11-24T03:06:00.000Z', kind: 'note', actor: ben, says: 'the bank restarted' } as const],
  });

  it.each([
    [0, 1, []],
    [0, 3, [['Older alerts', 'i-17:1']]],
    [
      1,
      3,
      [
        ['Newer alerts', 'i-17:0'],
        ['Older alerts', 'i-17:2'],
      ],
    ],
    [2, 3, [['Newer alerts', 'i-17:1']]],
  ])('on page %i of %i leads to the pages beside it', (page, pages, leads) => {
    const modal = incidentDetailsModal(details(page, pages));
    expect(buttonsOf(modal).map(({ text, value }) => [text, value])).toEqual(leads);
    expect(faultsOfView(modal)).toEqual([]);
  });

  it('show the timeline, newest first, with who did it', () => {
    expect(shownText(incidentDetailsModal(details(0, 1)))).toContain(`📝 the bank restarted — <@${ben}>`);
  });
});

it('fills the form in with what is so now', () => {
  const modal = incidentUpdateModal(sampleIncident({ assigneeId: ben }), 'C0INCIDENTS');
  expect(faultsOfView(modal)).toEqual([]);
  expect(JSON.stringify(modal)).toContain(`"initial_user":"${ben}"`);
  expect(JSON.stringify(modal)).toContain(
    '"initial_option":{"text":{"type":"plain_text","text":"🟠 P1: a region, several cells","emoji":false},"value":"P1"}',
  );
});

it('offers to assess the whole of a region’s trouble before it is failed over', () => {
  const content = card(
    { place: { scope: 'region', region: 'eastus' } },
    { fits: { playbook: 'failover-region', region: 'eastus' } },
  );
  expect(shownText(content)).toContain('*Fits:* fail eastus over. Assess first');
  expect(buttonsOf(content).map(({ text }) => text)).toContain('Assess…');
  expect(faultsOfMessage(content)).toEqual([]);
});

it('offers to assess the whole estate first', () => {
  const content = card({ place: { scope: 'global' } }, { fits: { playbook: 'none-yet' } });
  expect(shownText(content)).toContain('*First:* assess.');
  expect(buttonsOf(content).map(({ text }) => text)).toContain('Assess…');
});

it('names the place of an alert only where it is another than the incident’s', () => {
  const { alerts } = sampleIncidentView();
  const elsewhere = alerts.map((alert) => ({
    ...alert,
    place: { scope: 'cell', region: 'eastus', cell: 'cell-retail' } as const,
  }));
  expect(shownText(card({}, { alerts: elsewhere }))).toContain('1073741824, cell-retail, eastus, <!date^');
});
