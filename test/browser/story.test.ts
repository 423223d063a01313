import { phone } from '../support/browser.ts';
import { runWithinMs, useSandboxPage } from '../support/sandbox-page.ts';

jest.setTimeout(240_000);

const sandbox = useSandboxPage();
const { messages, thread, send, become, openThread, state } = sandbox;

const isolation = /Isolate cell-banking until/;
const wish = 'isolate cell-banking for 4h because card payments time out';
const banking = (words: RegExp) => sandbox.page.getByRole('button', { name: words });

async function confirm(label: string): Promise<void> {
  await thread().getByRole('button', { name: label, exact: true }).last().click();
  const dialog = sandbox.page.getByRole('dialog');
  await dialog.getByRole('button', { name: label, exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
}

describe('isolate and restore a cell', () => {
  it('Ana asks, only another may approve, the traffic goes, and comes back as it was', async () => {
    const page = await sandbox.open();
    const before = (await state()).estate.regions.map((region) => region.cells.map((cell) => cell.revisions));

    await send(`/stamps ${wish}`);
    await messages().getByText(isolation).first().waitFor();
    await openThread(isolation);
    await confirm('Approve');
    await page.getByText('Only visible to you').first().waitFor();
    expect((await state()).writes).toEqual([]);

    await become('Ben Okafor');
    await confirm('Approve');
    await banking(/^cell-banking .*Traffic goes to cell-banking-dr/).waitFor({ timeout: runWithinMs });
    await banking(/^cell-banking-dr .*Serves cell-banking/).waitFor();
    await messages().getByRole('button', { name: 'Restore now' }).waitFor({ timeout: runWithinMs });
    const isolated = await state();
    expect(isolated.writes.length).toBeGreaterThan(0);

    await page.keyboard.press('Escape');
    await become('Ana Ruiz');
    await send('/stamps restore cell-banking');
    await messages()
      .getByText(/Restore cell-banking/)
      .first()
      .waitFor();
    await become('Ben Okafor');
    await openThread(/Restore cell-banking/);
    await confirm('Approve');
    await banking(/^cell-banking healthy/).waitFor({ timeout: runWithinMs });
    await page
      .getByRole('button', { name: /^cell-banking .*Traffic goes to/ })
      .waitFor({ state: 'detached', timeout: runWithinMs });
    const after = (await state()).estate.regions.map((region) => region.cells.map((cell) => cell.revisions));
    expect(after).toEqual(before);
  });

  it('goes by keyboard alone', async () => {
    const page = await sandbox.open();
    await page.getByRole('combobox', { name: 'Message #incidents' }).focus();
    await page.keyboard.type(`/stamps ${wish}`);
    await page.keyboard.press('Enter');
    const replies = messages().getByRole('button', { name: /\d+ repl(y|ies)/ });
    await replies.waitFor();

    await page.getByRole('button', { name: /^You are/ }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: /^You are Ben Okafor/ }).waitFor();
    await replies.focus();
    await page.keyboard.press('Enter');
    const reply = thread().getByRole('combobox');
    await reply.waitFor();
    await page.keyboard.type('@stamps appr');
    await page.keyboard.press('Tab');
    expect(await reply.inputValue()).toBe('@stamps approve');
    await page.keyboard.press('Enter');
    await banking(/^cell-banking .*Traffic goes to cell-banking-dr/).waitFor({ timeout: runWithinMs });
    await page.keyboard.press('Escape');
    await thread().waitFor({ state: 'detached' });
  });

  it('goes on after the bot was killed in the middle, on a phone', async () => {
    const page = await sandbox.open(phone);
    await send(`/stamps ${wish}`);
    await messages().getByText(isolation).first().waitFor();
    await become('Ben Okafor');
    await openThread(isolation);
    await confirm('Approve');
    await page.getByRole('button', { name: 'Estate', exact: false }).click();
    await page.getByText('gateway updating…').waitFor({ timeout: runWithinMs });
    await page.getByRole('button', { name: 'Break' }).click();
    await page.getByRole('button', { name: 'Kill it (SIGKILL)' }).click();
    await page.getByText('The bot was ended by SIGKILL.').first().waitFor();
    await page.getByRole('button', { name: 'Restart the bot' }).click();
    await page.getByText('Bot ready').waitFor({ timeout: runWithinMs });
    await page.getByRole('button', { name: 'Estate' }).click();
    await banking(/^cell-banking .*Traffic goes to cell-banking-dr/).waitFor({ timeout: runWithinMs });
    const puts = (await state()).writes.filter(({ method, changed }) => method === 'PUT' && changed);
    expect(new Set(puts.map(({ path }) => path)).size).toBe(puts.length);
  });

  it('shows what becomes of a run while Slack, the gateway and a person stand in its way', async () => {
    const page = await sandbox.open();
    const breaks = page.getByRole('region', { name: 'Break things' });
    const toggle = (name: string) => breaks.getByRole('button', { name, exact: true });
    const isOn = (name: string, pressed = true) => breaks.getByRole('button', { name, exact: true, pressed }).waitFor();

    // Slack throttles: the card comes late, and comes once.
    await toggle('Throttle the next 5 posts').click();
    await send('payments time out again');
    await send(`/stamps ${wish}`);
    const replies = messages()
      .getByRole('article')
      .filter({ hasText: isolation })
      .getByRole('button', { name: '1 reply' });
    await replies.waitFor({ timeout: runWithinMs });
    const posted = (await state()).slack.channels.flatMap((channel) => channel.messages);
    const before = posted.find(({ text }) => text === 'payments time out again');
    const cards = posted.filter(
      ({ text, threadTs, ephemeralTo }) => isolation.test(text) && threadTs === undefined && ephemeralTo === undefined,
    );
    expect(cards).toHaveLength(1);
    // At least as long as Slack asked for, in seconds.
    expect(Number(cards[0]?.ts) - Number(before?.ts)).toBeGreaterThanOrEqual(5);

    // Somebody changes the pool between plan and approval: the approval is for what was seen.
    await breaks.getByRole('combobox').first().selectOption('cell-banking');
    await toggle('Point its pool at 192.0.2.10').click();
    await become('Ben Okafor');
    await openThread(isolation);
    await confirm('Approve');
    const drift = thread()
      .getByText(/another one \(\w+\)/)
      .first();
    await drift.waitFor({ timeout: runWithinMs });
    const [, renewed] = /another one \((\w+)\)/.exec((await drift.textContent()) ?? '') ?? [];
    await thread().getByText(`@stamps approve ${renewed}`).waitFor({ timeout: runWithinMs });
    expect((await state()).writes.filter(({ path }) => path.includes('applicationGateways'))).toEqual([]);

    // Slack is cut off after the approval, and the gateway is slow: the run goes on, and is told of afterwards.
    await toggle('Slow the gateway to 30 s').click();
    await isOn('Slow the gateway to 30 s');
    await confirm('Approve');
    await page.getByText('gateway updating…').waitFor({ timeout: runWithinMs });
    await toggle('Cut Slack off').click();
    await isOn('Cut Slack off');
    await banking(/^cell-banking .*Traffic goes to cell-banking-dr/).waitFor({ timeout: runWithinMs });
    expect(
      await thread()
        .getByText(/^Done: /)
        .count(),
    ).toBe(0);
    await toggle('Cut Slack off').click();
    await thread().getByText('Done: Isolate cell-banking').first().waitFor({ timeout: runWithinMs });
    await toggle('Slow the gateway to 30 s').click();
    await isOn('Slow the gateway to 30 s', false);

    // Somebody starts behind the bot's back what the run has stopped.
    await breaks.getByRole('button', { name: 'Switch app-cell-banking--v41 on' }).click();
    await breaks.getByRole('button', { name: 'Switch app-cell-banking--v41 off' }).waitFor();
    await banking(/^cell-banking .*Traffic goes to cell-banking-dr/).waitFor();
  });

  it('opens a form for a command without arguments, and Home for the person', async () => {
    const page = await sandbox.open();
    await send('/stamps isolate');
    const form = page.getByRole('dialog');
    await form.getByLabel('Cell', { exact: false }).first().selectOption({ label: 'cell-retail' });
    await page.keyboard.press('Escape');
    await form.waitFor({ state: 'detached' });
    await page.getByRole('navigation', { name: 'Workspace' }).getByRole('button', { name: 'Stamps' }).click();
    await page.getByRole('region', { name: 'Home', exact: true }).locator('.block-header').first().waitFor();
  });
});
