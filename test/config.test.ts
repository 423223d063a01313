import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { parseConfig, variableNames } from '../src/config.ts';
import { OpsError } from '../src/errors.ts';

const minimal = { SLACK_BOT_TOKEN: 'xoxb-1-secret', SLACK_SIGNING_SECRET: 'signing' };

function faultsOf(env: Record<string, string>): string[] {
  try {
    parseConfig(env);
  } catch (error) {
    if (error instanceof OpsError && error.code === 'misconfigured') return error.message.split('\n').slice(1);
    throw error;
  }
  return [];
}

describe('parseConfig', () => {
  it('needs only a bot token and a signing secret', () => {
    const config = parseConfig(minimal);
    expect(config.slack.botToken.reveal()).toBe('xoxb-1-secret');
    expect(config).toMatchObject({ port: 3000, dataDir: '.stamps', estateFile: 'estate.yml', logLevel: 'info' });
    expect(config.pagerDuty).toBeUndefined();
    expect(config.tracing).toBe(false);
  });

  it('takes an app token in place of the signing secret', () => {
    const config = parseConfig({ SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' });
    expect(config.slack.appToken?.reveal()).toBe('xapp-1');
    expect(config.slack.signingSecret).toBeUndefined();
  });

  it('names every missing and every wrong variable at once, a line each', () => {
    const env = { SLACK_SIGNING_SECRET: ' ', PORT: '99999', LOG_LEVEL: 'loud', DATABASE_URL: 'mysql://x' };
    expect(faultsOf(env).map((line) => line.split(':')[0])).toEqual([
      'PORT is wrong',
      'DATABASE_URL is wrong',
      'LOG_LEVEL is wrong',
      'SLACK_BOT_TOKEN is missing',
      'SLACK_SIGNING_SECRET is missing',
    ]);
  });

  it('names the files that are not there, with the example to begin with', () => {
    expect(() => parseConfig(minimal, (path) => path === 'policy.yml')).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(/there is no file estate\.yml.*estate\.example\.yml\.$/),
      }),
    );
  });

  it('points to the sandbox when something is missing', () => {
    expect(() => parseConfig({})).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('npm run sandbox') }),
    );
  });

  it.each([
    ['a bot token of another kind', { SLACK_BOT_TOKEN: 'xoxp-1' }, 'SLACK_BOT_TOKEN is wrong'],
    ['an app token of another kind', { SLACK_APP_TOKEN: 'xoxb-1' }, 'SLACK_APP_TOKEN is wrong'],
    ['a port that is no number', { PORT: 'web' }, 'PORT is wrong'],
    ['an address without a scheme', { SLACK_API_URL: 'slack.com/api' }, 'SLACK_API_URL is wrong'],
    ['a subscription that is no GUID', { AZURE_SUBSCRIPTION_ID: 'production' }, 'AZURE_SUBSCRIPTION_ID is wrong'],
    ['half of PagerDuty', { PAGERDUTY_API_TOKEN: 'pd' }, 'PAGERDUTY_ROUTING_KEY is missing'],
    ['half of Statuspage', { STATUSPAGE_PAGE_ID: 'p1' }, 'STATUSPAGE_API_KEY is missing'],
    [
      'two ways to post alerts',
      { STAMPS_ALERT_SECRET: 'a-long-enough-secret', STAMPS_ALERT_AUDIENCE: 'api://stamps' },
      'STAMPS_ALERT_SECRET and STAMPS_ALERT_AUDIENCE are both set',
    ],
    [
      'tokens of an unnamed directory',
      { STAMPS_ALERT_AUDIENCE: 'api://stamps', AZURE_TENANT_ID: 'contoso.example' },
      'AZURE_TENANT_ID must be a GUID',
    ],
    ['an unknown exporter of traces', { OTEL_TRACES_EXPORTER: 'zipkin' }, 'OTEL_TRACES_EXPORTER is wrong'],
  ])('refuses %s', (_what, env, fault) => {
    expect(faultsOf({ ...minimal, ...env })).toEqual([expect.stringContaining(fault)]);
  });

  it.each([
    ['a collector is named', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' }, true],
    ['the exporter is asked for', { OTEL_TRACES_EXPORTER: 'otlp' }, true],
    [
      'the exporter is turned off',
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318', OTEL_TRACES_EXPORTER: 'none' },
      false,
    ],
  ])('decides on traces when %s', (_when, env, tracing) => {
    expect(parseConfig({ ...minimal, ...env }).tracing).toBe(tracing);
  });

  it('gives replicas without a name different ones', () => {
    expect(parseConfig(minimal).executorId).not.toBe(parseConfig(minimal).executorId);
    expect(parseConfig({ ...minimal, STAMPS_EXECUTOR_ID: 'blue-1' }).executorId).toBe('blue-1');
  });

  it('is frozen to its depth', () => {
    const config = parseConfig({ ...minimal, PAGERDUTY_ROUTING_KEY: 'key' });
    expect([config, config.slack, config.azure, config.pagerDuty].every(Object.isFrozen)).toBe(true);
  });

  it('never prints a secret, neither in a fault nor in the configuration', () => {
    const secrets = {
      SLACK_BOT_TOKEN: 'xoxb-planted',
      SLACK_APP_TOKEN: 'xapp-planted',
      SLACK_SIGNING_SECRET: 'planted',
      DATABASE_URL: 'postgres://stamps:planted@db/stamps',
      STAMPS_ALERT_SECRET: 'planted-and-long-enough',
      PAGERDUTY_ROUTING_KEY: 'planted',
      STATUSPAGE_PAGE_ID: 'p1',
      STATUSPAGE_API_KEY: 'planted',
    };
    const config = parseConfig(secrets);
    for (const printed of [JSON.stringify(config), inspect(config, { depth: 9 }), `${config.slack.botToken}`]) {
      expect(printed).not.toContain('planted');
      expect(printed).toContain('[redacted]');
    }
    const wrong = Object.fromEntries(Object.keys(secrets).map((name) => [name, 'planted \n']));
    expect(faultsOf({ ...wrong, SLACK_BOT_TOKEN: 'planted' }).join('\n')).not.toContain('planted');
  });

  it('has every variable in the README’s table', () => {
    const readme = readFileSync('README.md', 'utf8');
    expect(variableNames.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
  });
});
