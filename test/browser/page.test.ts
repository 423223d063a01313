import type { Browser, Page } from 'playwright-core';
import type { CellSnapshot } from '../../sandbox/azure/contract.ts';
import { bundlePage } from '../../sandbox/page-bundle.ts';
import { type PageServer, startPageServer } from '../../sandbox/page-server.ts';
import type { PagerIncident } from '../../sandbox/pagerduty/contract.ts';
import { desktop, faultsOf, openPage, phone, sidewaysScroll, startBrowser } from '../support/browser.ts';
import { type FakeWorld, fakeWorld } from '../support/page-world.ts';

let browser: Browser;
let files: Awaited<ReturnType<typeof bundlePage>>;
let world: FakeWorld;
let server: PageServer;
let page: Page;

beforeAll(async () => {
  [browser, files] = await Promise.all([startBrowser(), bundlePage()]);
});
beforeEach(async () => {
  world = fakeWorld();
  server = await startPageServer(world, files, 0);
});
afterEach(async () => {
  expect(faultsOf(page)).toEqual([]);
  await page.context().close();
  await server.close();
});
afterAll(() => browser.close());

const plain = (text: string) => ({ type: 'plain_text', text });
const card = [
  { type: 'header', text: plain('Isolate cell-banking') },
  {
    type: 'actions',
    elements: [
      { type: 'button', action_id: 'approve', value: 'r-1', text: plain('Approve'), style: 'primary' },
      {
        type: 'button',
        action_id: 'deny',
        value: 'r-1',
        text: plain('Deny'),
        confirm: {
          title: plain('Deny it?'),
          text: plain('The run ends.'),
          confirm: plain('Deny'),
          deny: plain('Back'),
        },
      },
    ],
  },
];
const modal = {
  id: 'V1',
  userId: 'UANA',
  view: {
    type: 'modal',
    title: plain('Isolate a cell'),
    submit: plain('Plan it'),
    blocks: [
      {
        type: 'input',
        block_id: 'cell',
        label: plain('Cell'),
        element: {
          type: 'static_select',
          action_id: 'x',
          option_groups: [
            { label: plain('eastus'), options: [{ text: plain('cell-banking'), value: 'cell-banking' }] },
            { label: plain('westus'), options: [{ text: plain('cell-banking-dr'), value: 'cell-banking-dr' }] },
          ],
        },
      },
      {
        type: 'input',
        block_id: 'reason',
        label: plain('Because'),
        element: { type: 'plain_text_input', action_id: 'x' },
      },
    ],
  },
};
const composer = () => page.getByRole('combobox', { name: 'Message #incidents' });
const asked = () => world.slack.asked.map(({ as, what, args }) => [as, what, ...args]);

describe('the page with the keyboard alone', () => {
  beforeEach(async () => {
    page = await openPage(browser, server.url);
    await composer().waitFor();
  });

  it('completes a command with Tab and sends it with Enter', async () => {
    await composer().focus();
    await page.keyboard.type('/stamps iso');
    await page.getByRole('option', { name: /isolate/ }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.type('retail');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    expect(await composer().inputValue()).toBe('/stamps isolate cell-retail ');
    await page.keyboard.type('for 4h because it is slow');
    await page.keyboard.press('Enter');
    expect(await composer().inputValue()).toBe('');
    expect(asked()).toContainEqual(['UANA', 'command', 'CINC', 'isolate cell-retail for 4h because it is slow']);
  });

  it('sends what was typed when Enter comes while suggestions are open', async () => {
    await composer().focus();
    await page.keyboard.type('/stamps restore cell-banking');
    await page.getByRole('option', { name: 'cell-banking-dr cell' }).waitFor();
    const sent = page.waitForResponse('**/api/hands');
    await page.keyboard.press('Enter');
    await sent;
    expect(asked()).toContainEqual(['UANA', 'command', 'CINC', 'restore cell-banking']);
  });

  it('switches the person', async () => {
    await page.getByRole('button', { name: /You are Ana Diaz/ }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const switcher = page.getByRole('button', { name: /You are Ben Okafor/ });
    await switcher.waitFor();
    expect(await switcher.evaluate((button) => button === document.activeElement)).toBe(true);
  });

  it('opens a thread, presses its button, and closes it with Escape', async () => {
    world.slack.post('CINC', { ts: '100.1', userId: 'UBOT', text: 'card', blocks: card });
    world.slack.post('CINC', { ts: '100.2', threadTs: '100.1', userId: 'UBOT', text: 'reply', blocks: card });
    const replies = page.getByRole('button', { name: /1 reply/ });
    await replies.focus();
    await page.keyboard.press('Enter');
    const thread = page.getByRole('region', { name: 'Thread', exact: true });
    await thread.getByRole('button', { name: 'Approve' }).last().focus();
    const sent = page.waitForResponse('**/api/hands');
    await page.keyboard.press('Enter');
    await sent;
    expect(asked()).toContainEqual(['UANA', 'act', 'CINC', '100.2', 'approve', 'r-1']);
    await page.keyboard.press('Escape');
    await thread.waitFor({ state: 'detached' });
    expect(await replies.evaluate((button) => button === document.activeElement)).toBe(true);
  });

  it('asks before a button that wants to be confirmed, and takes Escape for no', async () => {
    world.slack.post('CINC', { ts: '100.1', userId: 'UBOT', text: 'card', blocks: card });
    const deny = page.getByRole('button', { name: 'Deny' });
    await deny.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Deny it?' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await deny.evaluate((button) => button === document.activeElement)).toBe(true);
    expect(asked()).toEqual([]);
  });

  it('fills a modal: says what is missing, submits, and gives the focus back', async () => {
    await composer().focus();
    world.slack.show({ views: [modal] });
    const dialog = page.getByRole('dialog', { name: 'Isolate a cell' });
    await dialog.waitFor();
    const cell = dialog.getByLabel('Cell');
    expect(await cell.evaluate((field) => field === document.activeElement)).toBe(true);
    await cell.selectOption('cell-banking');
    await dialog.getByLabel('Because').press('Enter');
    await dialog.getByText('Please complete this required field.').waitFor();
    expect(asked()).toEqual([]);
    await dialog.getByLabel('Because').pressSequentially('payments time out');
    const sent = page.waitForResponse('**/api/hands');
    await page.keyboard.press('Enter');
    await sent;
    expect(asked()).toEqual([['UANA', 'submit', 'V1', { cell: 'cell-banking', reason: 'payments time out' }]]);
    world.slack.show({ views: [{ ...modal, errors: { reason: 'Say more.' } }] });
    await dialog.getByText('Say more.').waitFor();
    expect(await dialog.getByLabel('Because').inputValue()).toBe('payments time out');
    world.slack.show({ views: [] });
    await dialog.waitFor({ state: 'detached' });
    expect(await composer().evaluate((field) => field === document.activeElement)).toBe(true);
  });
});

describe('the page', () => {
  beforeEach(async () => {
    page = await openPage(browser, server.url);
    await composer().waitFor();
  });

  it('shows an ephemeral message to its one person only', async () => {
    world.slack.post('CINC', { ts: '100.1', userId: 'UBOT', text: 'You may not.', ephemeralTo: 'UANA' });
    await page.getByText('Only visible to you').waitFor();
    await page.goto(`${server.url}/#as=UBEN`);
    await page.getByRole('button', { name: /You are Ben Okafor/ }).waitFor();
    expect(await page.getByText('You may not.').count()).toBe(0);
  });

  it('refuses a slash command in a thread, as Slack does', async () => {
    world.slack.post('CINC', { ts: '100.1', userId: 'UBOT', text: 'card' });
    await page.goto(`${server.url}/#as=UANA&thread=100.1`);
    const reply = page.getByRole('combobox', { name: 'Reply in the thread' });
    await reply.fill('/stamps status');
    await reply.press('Enter');
    await page.getByText('Slack has no slash commands in threads.').waitFor();
    expect(asked()).toEqual([]);
  });

  it('tells a screen reader of the newest message', async () => {
    world.slack.post('CINC', { ts: '100.1', userId: 'UBEN', text: 'are you *there*?' });
    await page.getByRole('log').getByText('Ben Okafor: are you there?').waitFor({ state: 'attached' });
  });

  it('draws where the traffic of a cell goes', async () => {
    const move = (cell: CellSnapshot) =>
      cell.name === 'cell-banking' ? { ...cell, served: 0, servedBy: ['cell-banking-dr'] } : cell;
    const { regions } = world.estate;
    world.estate = {
      ...world.estate,
      regions: regions.map((region) => ({ ...region, cells: region.cells.map(move) })),
    };
    world.changed();
    await page.getByRole('button', { name: /cell-banking .*Traffic goes to cell-banking-dr/ }).waitFor();
    await page.locator('.lines > path').waitFor({ state: 'attached' });
    expect(await page.locator('.lines > path').count()).toBe(1);
  });

  it('breaks the cell that was chosen on the map', async () => {
    await page.getByRole('button', { name: /^cell-healthcare healthy/ }).click();
    const sent = page.waitForResponse('**/api/faults');
    await page.getByRole('button', { name: 'Fail cell-healthcare' }).click();
    await sent;
    expect(world.asked).toEqual([{ what: 'failCell', args: ['cell-healthcare'] }]);
  });

  it('takes from a region what it needs to take over, and shows what is gone', async () => {
    await page.getByText('What a region lacks to take over').click();
    for (const [name, asked] of [
      ['Only 10 cores an environment', { what: 'fewCores', args: [true] }],
      ['Certificate of westus has ended', { what: 'gatewayCertificate', args: ['westus', -1] }],
      ['Certificate of westus ends in 10 h', { what: 'gatewayCertificate', args: ['westus', 10] }],
      ['Copies of eastus are made anew, for ever', { what: 'stuckCopies', args: ['eastus', true] }],
      ['Copies of eastus are 20 min behind', { what: 'storageLag', args: ['eastus', 1_200] }],
    ] as const) {
      const sent = page.waitForResponse('**/api/faults');
      await page.getByRole('button', { name }).click();
      await sent;
      expect(world.asked.at(-1)).toEqual(asked);
    }
    world.estate = { ...world.estate, trouble: ['The certificate of the gateway of westus has ended'] };
    world.changed();
    const pressed = page.getByRole('button', { name: 'Certificate of westus has ended', pressed: true });
    await pressed.waitFor();
    const sent = page.waitForResponse('**/api/faults');
    await pressed.click();
    await sent;
    expect(world.asked.at(-1)).toEqual({ what: 'gatewayCertificate', args: ['westus', 2160] });
  });

  it('lets an engineer acknowledge, note and resolve in PagerDuty', async () => {
    (world.pager.incidents as PagerIncident[]).push({
      id: 'Q1',
      dedupKey: 'stamps/i-1',
      summary: 'cell-banking is down',
      details: '',
      service: 'Stamps',
      policy: 'Platform',
      assignees: ['Ana Ruiz'],
      triggers: 2,
      status: 'triggered',
      at: 0,
      notes: [],
    });
    world.changed();
    await page.getByRole('button', { name: /PagerDuty/ }).click();
    const woken = page.getByRole('article', { name: /cell-banking is down/ });
    const sends = async (name: string) => {
      const sent = page.waitForResponse('**/api/pager');
      await woken.getByRole('button', { name }).click();
      await sent;
    };
    await sends('Acknowledge');
    await woken.getByLabel('Note on Q1').fill('looking');
    await sends('Add');
    await sends('Resolve');
    expect(world.asked).toEqual([
      { what: 'pagerAcknowledge', args: ['PUANA01', 'Q1'] },
      { what: 'pagerNote', args: ['PUANA01', 'Q1', 'looking'] },
      { what: 'pagerResolve', args: ['PUANA01', 'Q1'] },
    ]);
  });

  it('shows customers’ page beside the channels', async () => {
    await page.getByRole('button', { name: /Public status page/ }).click();
    const shown = page.getByRole('region', { name: 'What customers see' });
    await shown.getByText('All systems operational', { exact: true }).waitFor();
    await shown
      .getByRole('listitem')
      .filter({ hasText: 'Banking' })
      .getByText('Operational', { exact: true })
      .waitFor();
  });

  it('says so when the sandbox is gone', async () => {
    await server.close();
    await page.getByText('The sandbox does not answer.').waitFor();
  });
});

describe.each([
  ['a phone', phone],
  ['a desktop', desktop],
])('at the width of %s', (_, size) => {
  it('nothing must be scrolled sideways', async () => {
    const blocks = [
      ...card,
      { type: 'section', text: { type: 'mrkdwn', text: `\`${'x'.repeat(300)}\` ${'y'.repeat(300)}` } },
    ];
    world.slack.post('CINC', { ts: '100.1', userId: 'UBOT', text: 'card', blocks });
    page = await openPage(browser, server.url, size);
    await page.getByText('Isolate cell-banking').waitFor();
    for (const place of ['#', '#thread=100.1', '#tab=estate', '#tab=break', '#at=home']) {
      await page.goto(`${server.url}/${place}`);
      await page.locator('.page').waitFor();
      expect(await sidewaysScroll(page)).toBeLessThanOrEqual(0);
    }
  });
});

it('shows one thing at a time on a phone', async () => {
  page = await openPage(browser, server.url, phone);
  await composer().waitFor();
  await page.getByRole('button', { name: 'Estate' }).click();
  await page.getByRole('button', { name: /^cell-banking healthy/ }).waitFor();
  expect(await composer().isVisible()).toBe(false);
  await page.getByRole('button', { name: 'Channels' }).click();
  await page.getByRole('button', { name: 'operations' }).click();
  await page.getByRole('combobox', { name: 'Message #operations' }).waitFor();
  await page.goBack();
  await page.getByRole('button', { name: /^cell-banking healthy/ }).waitFor();
});
