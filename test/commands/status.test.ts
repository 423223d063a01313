import { backendPoolId } from '../../src/domain/estate.ts';
import { OpsError } from '../../src/errors.ts';
import { createDesk } from '../support/fakes/desk.ts';
import { sampleLease } from '../support/sample-run.ts';

const poolOf = (desk: ReturnType<typeof createDesk>, name: string) =>
  backendPoolId(desk.estate.cells.find((cell) => cell.name === name) ?? (undefined as never));

describe('status', () => {
  it('shows each cell by region with what was read', async () => {
    const shown = await createDesk().type('status');
    expect(shown).toContain('Status of the estate');
    expect(shown).toContain(
      '*eastus*\n✅ *cell-banking* — in service; 1 of 1 backends healthy, 1 active revision, 2 replicas, 100 req/s, 0 tenants',
    );
    expect(shown).toContain('✅ *cell-banking-dr* (standby) — ready');
    expect(shown).toContain('Open runs');
  });

  it('says of a cell out of service until when, and where its traffic goes', async () => {
    const desk = createDesk();
    desk.azure.pools.set(poolOf(desk, 'cell-banking'), ['app-cell-banking-dr.example.net']);
    desk.operations.leases.push(sampleLease);
    const shown = await desk.type('status cell cell-banking');
    expect(shown).toContain('⛔ *cell-banking* — out of service until <!date');
    expect(shown).toContain('its traffic goes to cell-banking-dr');
  });

  it('shows with a cell what holds it: its recovery and its region, and nothing of others', async () => {
    const desk = createDesk();
    for (const [subject, of, runId] of [
      ['recovery/cell-banking', 'recovery', 'r-31'],
      ['eastus', 'region', 'r-32'],
      ['recovery/cell-retail', 'recovery', 'r-33'],
      ['westus', 'region', 'r-34'],
    ] as const)
      desk.operations.leases.push({ ...sampleLease, subject, of, runId });
    const shown = await desk.type('status cell cell-banking');
    expect(shown).toMatch(/💾 The recovery of \*cell-banking\* ends .*`r-31`/);
    expect(shown).toMatch(/\*eastus\* is served from elsewhere until .*`r-32`/);
    expect(shown).not.toMatch(/r-33|r-34/);
  });

  it.each([['gateways.poolsOf'], ['gateways.healthOfPools'], ['containerApps.revisions']])(
    'never calls a cell healthy when %s could not be read',
    async (call) => {
      const desk = createDesk();
      desk.azure.failures.set(call, new OpsError('unavailable', 'Azure is away.'));
      const shown = await desk.type('status cell-banking');
      expect(shown).toContain('❔ *cell-banking* — not known');
      expect(shown).not.toContain('✅');
      expect(shown).toContain('Azure is away.');
    },
  );

  it('leaves out figures that are not known, and never shows them as 0', async () => {
    const desk = createDesk();
    desk.azure.failures.set('load', new OpsError('throttled', 'Azure asks to wait.'));
    desk.azure.failures.set('tenants.onCell', new OpsError('unavailable', 'Cosmos is away.'));
    const shown = await desk.type('status cell-banking');
    expect(shown).not.toMatch(/ 0 (req|replicas|tenants)/);
    expect(shown).toContain('• load in eastus: Azure asks to wait.');
  });

  it('warns of a cell whose backends are not all healthy', async () => {
    const desk = createDesk();
    desk.azure.health.set('app-cell-banking.example.net', 'Down');
    expect(await desk.type('status cell-banking')).toContain(
      '⚠️ *cell-banking* — in service, not all healthy; 0 of 1 backends healthy',
    );
  });

  it('shows Traffic Manager as not known when it does not answer', async () => {
    const desk = createDesk();
    desk.azure.failures.set('traffic.profile', new OpsError('unavailable', 'Azure is away.'));
    expect(await desk.type('status global')).toContain('*Traffic Manager:* not known');
  });

  it.each([
    ['leases', '*Leases:* not known', 'leases'],
    ['runs', '*Open runs:* not known', 'open runs'],
    ['paused', '*cell-banking* — in service', 'whether everything is paused'],
  ] as const)('shows the rest of it when the database does not give the %s', async (part, says, called) => {
    const desk = createDesk();
    const away = new OpsError('unavailable', 'The database can’t be reached.', { service: 'PostgreSQL' });
    desk.operations.failures.set(part, away);
    const shown = await desk.type('status');
    expect(shown).toContain('✅ *cell-banking* — in service');
    expect(shown).toContain(says);
    expect(shown).toContain(`• ${called}: The database can’t be reached.`);
  });

  it('is there at its deadline without indicators that do not come, or that fail', async () => {
    const desk = createDesk();
    desk.deps.kpis.report = () => new Promise(() => undefined);
    const late = desk.type('status');
    // The last reading to come: then all that is left is the deadline.
    while (desk.clock.sleeping() === 0) await new Promise(setImmediate);
    await desk.clock.pass(11_000);
    expect(await late).toContain('• indicators: no answer within 10s');
    desk.deps.kpis.report = () => Promise.reject(new OpsError('unavailable', 'The database can’t be reached.'));
    const shown = await desk.type('status cell cell-banking');
    expect(shown).toContain('• indicators: The database can’t be reached.');
    expect(shown).toContain('✅ *cell-banking* — in service');
  });

  it('says that Azure is not configured', async () => {
    const shown = await createDesk({ withoutAzure: true }).type('status');
    expect(shown).toContain('Azure is not configured');
    expect(shown).toContain('❔ *cell-banking* — not known');
  });

  it('shows one region', async () => {
    const shown = await createDesk().type('status region WESTUS');
    expect(shown).toContain('*westus*');
    expect(shown).not.toContain('cell-retail');
  });

  it.each([
    ['status region eastsu', 'There is no region “eastsu”.\nDid you mean eastus'],
    ['status cell nothing', 'There is no cell “nothing”.'],
    ['status region', 'Which region?'],
    ['status eastus westus', '“westus” is one word too many.'],
    ['status global now', '“now” is one word too many.'],
  ])('answers “%s” with “%s”', async (typed, message) => {
    expect(await createDesk().type(typed)).toContain(message);
  });
});
