import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

/** Chromium, and nothing that it would like to fetch by itself. */
const args = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The installed Chromium; `CHROMIUM` names another one than Debian's. */
export function startBrowser(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  if (!existsSync(executablePath)) throw new Error(`There is no Chromium at ${executablePath}; set CHROMIUM.`);
  return chromium.launch({ executablePath, args });
}

export const desktop = { width: 1440, height: 900 };
export const phone = { width: 390, height: 844 };

const faults = new WeakMap<Page, string[]>();

/** Errors of the page's scripts, and what it asked of anything but loopback: there should be none. */
export function faultsOf(page: Page): readonly string[] {
  return faults.get(page) ?? [];
}

export async function openPage(browser: Browser, url: string, viewport = desktop): Promise<Page> {
  const context = await browser.newContext({ viewport, hasTouch: viewport === phone, reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const found: string[] = [];
  faults.set(page, found);
  page.on('pageerror', (error) => found.push(error.message));
  page.on('request', (request) => {
    if (!/^(http:\/\/127\.0\.0\.1[:/]|data:)/.test(request.url())) found.push(`asked for ${request.url()}`);
  });
  await page.goto(url);
  return page;
}

/** How far the page is wider than its window, in pixels: 0 when nothing must be scrolled sideways. */
export function sidewaysScroll(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}
