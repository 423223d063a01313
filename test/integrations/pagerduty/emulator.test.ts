import type { PagerDutyEmulator } from '../../../sandbox/pagerduty/contract.ts';
import { startPagerDutyEmulator } from '../../../sandbox/pagerduty/start-pagerduty.ts';
import { createPagerDuty } from '../../../src/integrations/pagerduty/create-pagerduty.ts';
import type { PageRequest } from '../../../src/ports/pager.ts';
import { Secret } from '../../../src/secret.ts';

const never = new AbortController().signal;
const request: PageRequest = { key: 'run-1/lease', summary: 'It has ended.', source: 'stamps', severity: 'critical' };

describe('the PagerDuty client and the emulator', () => {
  let pagerDuty: PagerDutyEmulator;
  beforeEach(async () => {
    pagerDuty = await startPagerDutyEmulator();
  });
  afterEach(() => pagerDuty.close());

  const pager = (routingKey = pagerDuty.routingKey) =>
    createPagerDuty({ routingKey: new Secret(routingKey), eventsUrl: pagerDuty.eventsUrl });

  it('wakes somebody once, however often the same page is sent', async () => {
    await pager().page(request, never);
    await pager().page(request, never);
    expect(pagerDuty.incidents).toMatchObject([
      { dedupKey: 'run-1/lease', summary: 'It has ended.', status: 'triggered' },
    ]);
  });

  it('gets the longest summary and key through', async () => {
    await pager().page({ ...request, key: 'k'.repeat(255), summary: 'x'.repeat(5_000) }, never);
    expect(pagerDuty.incidents).toHaveLength(1);
  });

  it('is told of a wrong key for good', async () => {
    await expect(pager('x'.repeat(32)).page(request, never)).rejects.toMatchObject({
      code: 'bad-input',
      transient: false,
    });
    expect(pagerDuty.incidents).toEqual([]);
  });

  it('is told when PagerDuty has had too many', async () => {
    pagerDuty.throttle(10);
    await expect(pager().page(request, never)).rejects.toMatchObject({ code: 'throttled', transient: true });
  });
});
