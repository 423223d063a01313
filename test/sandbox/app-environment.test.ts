import { readFileSync } from 'node:fs';
import { appArguments, appEnvironment } from '../../sandbox/app-environment.ts';
import { parseConfig } from '../../src/config.ts';
import { fakeWorld } from '../support/page-world.ts';

const { slack, azure, pager, statuspage } = fakeWorld();
const given = {
  slack,
  azure: { ...azure, env: { IDENTITY_ENDPOINT: 'http://127.0.0.1:9/token' } },
  pager: { ...pager, eventsUrl: 'http://127.0.0.1:9/pager', apiUrl: 'http://127.0.0.1:9/pager' },
  statuspage: { ...statuspage, apiUrl: 'http://127.0.0.1:9/statuspage' },
  port: 3100,
  socket: false,
  dataDir: 'd',
  estateFile: 'e.yml',
  policyFile: 'p.yml',
  caFile: 'ca.pem',
};

describe('the bot’s environment in the sandbox', () => {
  it('holds nothing of a real workspace, whatever surrounds it', () => {
    const surroundings = {
      PATH: '/bin',
      DATABASE_URL: 'postgres://real',
      SLACK_APP_TOKEN: 'xapp-real',
      AZURE_CLIENT_SECRET: 'real',
      STATUSPAGE_API_KEY: 'real',
      NODE_OPTIONS: '--inspect',
    };
    const environment = appEnvironment(given, surroundings);
    expect(Object.values(environment).filter((value) => value?.includes('real'))).toEqual([]);
    expect(environment).toMatchObject({ PATH: '/bin', PORT: '3100', IDENTITY_ENDPOINT: 'http://127.0.0.1:9/token' });
    expect(environment).not.toHaveProperty('NODE_OPTIONS');
  });

  it('is one that the app accepts', () => {
    const config = parseConfig(appEnvironment(given, {}));
    expect(config.slack.appToken).toBeUndefined();
    expect(config).toMatchObject({ port: 3100, dataDir: 'd', estateFile: 'e.yml', policyFile: 'p.yml' });
  });

  it('has the app token for Socket Mode only', () => {
    expect(appEnvironment({ ...given, socket: true }, {}).SLACK_APP_TOKEN).toBe('xapp-fake');
  });

  it('starts the app as npm start does', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: { start: string } };
    const here = (argument: string) =>
      argument.replace(/^(file:\/\/)?.*\/(scripts|src)\//, './$2/').replace('./src', 'src');
    expect(scripts.start.replace(' --import ./scripts/require-node.mjs', '')).toBe(
      ['node', ...appArguments.map(here)].join(' '),
    );
  });
});
