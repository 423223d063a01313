import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import type { PageState } from '../../sandbox/page-state.ts';
import { desktop, faultsOf, openPage, startBrowser } from './browser.ts';
import { type RunningSandbox, runSandbox } from './run-sandbox.ts';

/** A gateway takes 3 s for a write in the sandbox, and a run has several steps. */
export const runWithinMs = 90_000;

/** The page of a sandbox, as a person uses it. */
export interface SandboxPage {
  /** The one that was opened last. */
  readonly page: Page;
  /** Opens the page, and waits until something can be typed there. */
  open(viewport?: typeof desktop): Promise<Page>;
  messages(): Locator;
  thread(): Locator;
  /** Types this into the channel. */
  send(text: string): Promise<void>;
  become(name: string): Promise<void>;
  /** The thread of the card with this title. */
  openThread(title: RegExp): Promise<void>;
  state(): Promise<PageState>;
}

/** For each test of a file a sandbox of its own, started as people start it; no test leaves a fault on its page. */
export function useSandboxPage(): SandboxPage {
  let browser: Browser;
  let parent: string;
  let sandbox: RunningSandbox;
  let page: Page;

  beforeAll(async () => {
    browser = await startBrowser();
  });
  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'stamps-page-'));
    // PostgreSQL runs as a user of its own when this is root's, and must be able to reach its folder.
    await chmod(parent, 0o755);
    sandbox = await runSandbox(['--port', '0', '--data', join(parent, 'sandbox')]);
  });
  afterEach(async () => {
    expect(faultsOf(page)).toEqual([]);
    await page.context().close();
    expect(await sandbox.stop()).toBe(0);
    await rm(parent, { recursive: true, force: true });
  });
  afterAll(() => browser.close());

  const messages = () => page.getByRole('region', { name: 'Messages in #incidents' });
  const thread = () => page.getByRole('region', { name: 'Thread', exact: true });
  const composer = () => page.getByRole('combobox', { name: 'Message #incidents' });

  return {
    get page() {
      return page;
    },
    async open(viewport = desktop) {
      page = await openPage(browser, sandbox.url, viewport);
      await composer().waitFor();
      return page;
    },
    messages,
    thread,
    async send(text) {
      await composer().fill(text);
      await composer().press('Enter');
    },
    async become(name) {
      await page.getByRole('button', { name: /^You are/ }).click();
      await page.getByRole('menuitemradio', { name: new RegExp(name) }).click();
      await page.getByRole('button', { name: new RegExp(`^You are ${name}`) }).waitFor();
    },
    async openThread(title) {
      const replies = messages()
        .getByRole('article')
        .filter({ hasText: title })
        .getByRole('button', { name: /\d+ repl(y|ies)/ });
      await replies.click({ timeout: runWithinMs });
      await thread().waitFor();
    },
    async state() {
      return (await (await fetch(`${sandbox.url}/api/state`)).json()) as PageState;
    },
  };
}
