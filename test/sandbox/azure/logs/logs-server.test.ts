import { workspaceId } from '../../../../sandbox/azure/telemetry/resources.ts';
import { parseEstate } from '../../../../src/domain/estate-file.ts';
import { withBindings } from '../../../../src/integrations/azure/kql.ts';
import { kpiDefinitions } from '../../../../src/kpis/definitions.ts';
import { checkKql } from '../../../support/kusto.ts';
import { type RunningAzure, startRunningAzure, tokenFor } from '../../../support/running-azure.ts';

const start = Date.UTC(2026, 9, 5, 3, 0, 30);

describe('the emulated Log Analytics', () => {
  let azure: RunningAzure;
  let now: number;

  beforeEach(async () => {
    now = start;
    azure = await startRunningAzure({ now: () => now });
  });
  afterEach(() => azure.close());

  async function query(
    kql: string,
    { workspace = workspaceId, headers = {}, timespan = 'PT15M', body = JSON.stringify({ query: kql, timespan }) } = {},
  ) {
    const token = await tokenFor(azure, 'https://api.loganalytics.io');
    const answer = await fetch(`${azure.env.AZURE_LOGS_URL}/v1/workspaces/${workspace}/query`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      body,
    });
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) };
  }
  const rows = async (kql: string) => (await query(kql)).body.tables[0].rows;

  it('answers each query of the indicators, with the columns that Microsoft’s parser finds in it', async () => {
    const { frontDoorId, apim } = parseEstate(azure.estateFile);
    for (const { source } of kpiDefinitions) {
      if (source.kind !== 'logs') continue;
      const kql = withBindings(source.query, { frontDoorId, apimId: apim.id });
      const { status, body } = await query(kql);
      expect(status).toBe(200);
      const [table] = body.tables;
      const found = Object.fromEntries(
        table.columns.map(({ name, type }: { name: string; type: string }) => [name, type]),
      );
      expect(found).toEqual(checkKql(kql).columns);
      expect(table.rows.length).toBeGreaterThan(0);
      for (const row of table.rows) expect(row).not.toContain(null);
    }
    // Microsoft's parser is large to load.
  }, 30_000);

  it('logs what the estate’s traffic really is', async () => {
    const [[calls, failed]] = await rows(
      'ApiManagementGatewayLogs | summarize calls = countif(ResponseCode != 429), failed = countif(ResponseCode >= 500)',
    );
    const demand = azure
      .snapshot()
      .regions.flatMap(({ cells }) => cells)
      .reduce((sum, cell) => sum + cell.demand, 0);
    // 13 minutes of the last 15 have come.
    expect(calls / (13 * 60)).toBeGreaterThan(0.9 * demand);
    expect(calls / (13 * 60)).toBeLessThan(1.1 * demand);
    expect(failed).toBe(0);
  });

  it('shows a failed cell’s requests as failed, after they have come, and its tenants as slow nowhere', async () => {
    const failing = `ApiManagementGatewayLogs | summarize failed = countif(ResponseCode >= 500) by tenant = ApimSubscriptionId | where failed > 0`;
    azure.faults.failCell('cell-banking');
    now += 60_000;
    expect(await rows(failing)).toEqual([]);
    now += 180_000;
    const failed = (await rows(failing)).map(([tenant]: [string]) => tenant);
    expect(failed).toContain('northwind-bank-subscription');
    expect(failed).not.toContain('contoso-outfitters-subscription');
    const [[good, total]] = await rows(
      'AzureDiagnostics | summarize requests = count(), failed = countif(toint(httpStatusCode_s) >= 500) by bin(TimeGenerated, 1m) | summarize good = countif(failed == 0), total = count()',
    );
    expect(total - good).toBeGreaterThanOrEqual(1);
    expect(good).toBeGreaterThan(5);
  });

  it('lets a cell that takes over get slower', async () => {
    const p95 =
      'AppRequests | summarize p95 = percentilew(DurationMs, ItemCount, 95) by AppRoleName | where AppRoleName == "app-cell-retail"';
    const [[, before]] = await rows(p95);
    azure.faults.setRevision('cell-retail', 'app-cell-retail--v58', false);
    now += 15 * 60_000;
    const [[, after]] = await rows(p95);
    expect(after).toBeGreaterThan(1.2 * before);
  });

  it('keeps the service’s rules', async () => {
    expect(await query('AppRequests | count', { workspace: 'another' })).toMatchObject({
      status: 404,
      body: { error: { code: 'WorkspaceNotFoundError' } },
    });
    expect(await query('', { headers: { 'content-type': 'text/plain' }, body: '{"query":"AppRequests"}' })).toEqual({
      status: 200,
      body: undefined,
    });
    expect(await query('AppRequests | count', { timespan: 'yesterday' })).toMatchObject({ status: 400 });
    expect(await query('Nothing | count')).toMatchObject({
      status: 400,
      body: {
        error: { code: 'BadArgumentError', innererror: { code: 'SemanticError', innererror: { code: 'SEM0100' } } },
      },
    });
    expect(await query('AppRequests |')).toMatchObject({ body: { error: { innererror: { code: 'SyntaxError' } } } });
    const bare = await fetch(`${azure.env.AZURE_LOGS_URL}/v1/workspaces/${workspaceId}/query`, { method: 'POST' });
    expect(bare.status).toBe(401);
  });

  it('breaks as it is told to', async () => {
    azure.logFaults.breakNext('throttled', 1);
    expect((await query('AppRequests | count')).status).toBe(429);
    azure.logFaults.breakNext('timeout', 1, 'AppDependencies');
    expect((await query('AppRequests | count')).status).toBe(200);
    expect((await query('AppDependencies | count')).status).toBe(504);
    azure.logFaults.breakNext('partial', 1);
    const part = await query('AppRequests | count');
    expect(part.body.error.code).toBe('PartialError');
    expect(part.body.tables[0].rows[0][0]).toBeLessThan((await rows('AppRequests | count'))[0][0]);
    azure.logFaults.missing.add('AppRequests');
    expect((await query('AppRequests | count')).status).toBe(400);
  });

  it('takes as long as it is told, and gives up when the caller will not wait', async () => {
    azure.logFaults.latencyMs = 1_100;
    expect((await query('AppRequests | count', { headers: { prefer: 'wait=1' } })).status).toBe(504);
  });
});
