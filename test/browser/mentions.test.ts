import type { Page } from 'playwright-core';
import { phone } from '../support/browser.ts';
import { runWithinMs, useSandboxPage } from '../support/sandbox-page.ts';

jest.setTimeout(240_000);

const sandbox = useSandboxPage();
const { messages, thread, send, become, openThread, state } = sandbox;

const why = 'because card payments time out';

/** Writes into the thread, as a person does, and waits for what they alone are told. */
async function mention(words: string, answer: RegExp): Promise<void> {
  const reply = thread().getByRole('combobox');
  await reply.fill(`@stamps ${words}`);
  await reply.press('Enter');
  await thread()
    .getByRole('article')
    .filter({ hasText: 'Only visible to you' })
    .filter({ hasText: answer })
    .last()
    .waitFor();
}

describe('what is said to @stamps in a run’s thread', () => {
  it('is judged like the buttons: status for anybody, approve and deny for others than the requester', async () => {
    const page = await sandbox.open();
    await send(`/stamps isolate cell-retail for 4h ${why}`);
    await openThread(/Isolate cell-retail until/);
    await mention('status', /waiting|Waits|approval/i);
    await mention('approve', /somebody else must decide/);
    await mention('deny', /somebody else must decide/);
    expect((await state()).writes).toEqual([]);

    await become('Ben Okafor');
    await mention('deny', /Your denial of .* ended it/);
    await messages()
      .getByText(/Denied/)
      .first()
      .waitFor();
    await mention('approve', /no longer waits for approval/);
    expect((await state()).writes).toEqual([]);
    await thread().getByRole('button', { name: 'Close the thread' }).click();

    await become('Ana Ruiz');
    await send(`/stamps isolate cell-banking for 4h ${why}`);
    await openThread(/Isolate cell-banking until/);
    await become('Ben Okafor');
    await mention('approve', /Your approval of .* counts/);
    await page
      .getByRole('button', { name: /^cell-banking .*Traffic goes to cell-banking-dr/ })
      .waitFor({ timeout: runWithinMs });
    await mention('status', /running|Running|Done|succeeded/i);
    expect((await state()).writes.length).toBeGreaterThan(0);
  });
});

/** Names of what has the keyboard, one after another, until it comes round or leaves the page. */
async function walk(page: Page, most = 400): Promise<string[]> {
  const names: string[] = [];
  await page.evaluate(() => {
    for (const one of document.querySelectorAll('[data-walked]')) one.removeAttribute('data-walked');
  });
  for (let step = 0; step < most; step += 1) {
    await page.keyboard.press('Tab');
    const name = await page.evaluate(() => {
      const here = document.activeElement;
      if (!here || here === document.body) return undefined;
      const seen = here.getBoundingClientRect();
      const inWindow =
        seen.width > 0 && seen.bottom > 0 && seen.top < innerHeight && seen.left >= 0 && seen.right <= innerWidth;
      const key = here.getAttribute('data-walked') ?? '';
      here.setAttribute('data-walked', 'yes');
      return {
        text: here.textContent?.trim() || here.getAttribute('aria-label') || here.tagName,
        inWindow,
        again: key !== '',
      };
    });
    if (name === undefined) continue;
    if (name.again) break;
    names.push(name.inWindow ? name.text : `out of sight: ${name.text}`);
  }
  return names;
}

async function buttonsOf(region: ReturnType<typeof messages>): Promise<string[]> {
  return region
    .locator('.block-actions button, .block-actions select, .block-section button')
    .evaluateAll((all) =>
      all
        .filter((one) => !(one as HTMLButtonElement).disabled)
        .map((one) => one.textContent?.trim() || one.getAttribute('aria-label') || one.tagName),
    );
}

describe('on a phone, with a keyboard', () => {
  it('every button of an incident’s card and of a run’s card and thread is reached, and in sight', async () => {
    const page = await sandbox.open(phone);
    await send('/stamps incident declare "Card payments time out" P1 in cell-banking');
    await messages().getByRole('button', { name: 'Acknowledge' }).waitFor();
    await send(`/stamps isolate cell-banking for 4h ${why}`);
    // The last of what comes: after it nothing scrolls while the keyboard walks.
    await messages()
      .getByRole('article')
      .filter({ hasText: /Isolate cell-banking until/ })
      .getByRole('button', { name: /\d+ repl(y|ies)/ })
      .waitFor();

    const onCards = await buttonsOf(messages());
    for (const known of ['Acknowledge', 'Resolve', 'Update…', 'Details']) expect(onCards).toContain(known);
    const walked = await walk(page);
    expect(onCards.filter((name) => !walked.includes(name))).toEqual([]);

    await openThread(/Isolate cell-banking until/);
    await thread().getByRole('button', { name: 'Approve' }).last().waitFor();
    const inThread = await buttonsOf(thread());
    for (const known of ['Approve', 'Deny']) expect(inThread).toContain(known);
    const walkedThere = await walk(page);
    expect(inThread.filter((name) => !walkedThere.includes(name))).toEqual([]);

    // And one of them does what it says, by keyboard alone.
    await thread().getByRole('combobox').waitFor();
    await page
      .getByRole('button', { name: /^Close|Back/ })
      .first()
      .focus();
    await page.keyboard.press('Enter');
    await messages().getByRole('button', { name: 'Acknowledge' }).focus();
    await page.keyboard.press('Enter');
    await messages()
      .getByText(/Acknowledged since|Ana Ruiz has it/)
      .first()
      .waitFor();
  });
});
