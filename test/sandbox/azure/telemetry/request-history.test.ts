import { type Flows, minuteMs, RequestHistory } from '../../../../sandbox/azure/telemetry/request-history.ts';

const start = Date.UTC(2026, 9, 5, 3, 0);
const hour = 60 * minuteMs;
const day = 24 * hour;

/** A demand that rises and falls with the day; all of it fails while `broken`. */
function history() {
  const world = { asked: 0, broken: false };
  const flowsAt = (at: number, asIfWell: boolean): Flows => {
    world.asked += 1;
    const requests = 100 + 50 * Math.sin((2 * Math.PI * at) / day);
    const failed = world.broken && !asIfWell ? requests : 0;
    const rest = { tenant: 't', cell: 'c', servedBy: 'c', region: 'eastus', throttled: 0, load: 0.5 };
    return {
      tenants: [{ ...rest, requests, failed }],
      cells: [{ cell: 'c', served: requests, load: 0.5, works: true }],
    };
  };
  return { world, requests: new RequestHistory(flowsAt, start) };
}

const sumOf = (minutes: ReturnType<RequestHistory['minutes']>, field: 'requests' | 'failed') =>
  minutes.flatMap(({ tenants }) => tenants).reduce((sum, flow) => sum + flow[field], 0);

describe('the requests of the past', () => {
  it('of a short window are told minute by minute, those that are over', () => {
    const { requests } = history();
    const minutes = requests.minutes(start - 5 * minuteMs - 1, start + hour, start + 30_000);
    expect(minutes.map(({ at }) => (at - start) / minuteMs)).toEqual([-5, -4, -3, -2, -1]);
    expect(sumOf(minutes, 'requests')).toBeCloseTo(
      [4.5, 3.5, 2.5, 1.5, 0.5].reduce(
        (sum, ago) => sum + 60 * (100 + 50 * Math.sin((2 * Math.PI * (start - ago * minuteMs)) / day)),
        0,
      ),
    );
  });

  it.each([
    ['a day', 1, 470],
    ['a week', 7, 860],
    ['a month', 30, 950],
  ])('of %s are as many as minute by minute, from few looks at the estate', (_, days, most) => {
    const { world, requests } = history();
    const from = start - days * day - 7 * minuteMs - 20_000;
    const sum = sumOf(requests.minutes(from, start, start), 'requests');
    expect(world.asked).toBeLessThan(most);
    let exact = 0;
    for (let at = start - days * day - 7 * minuteMs; at < start; at += minuteMs)
      exact += sumOf(requests.minutes(at, at + minuteMs, start), 'requests');
    expect(sum / exact).toBeCloseTo(1, 4);
  });

  it('of a week are known when a part of it, or the week a minute later, is asked for', () => {
    const { world, requests } = history();
    requests.minutes(start - 7 * day, start, start);
    world.asked = 0;
    requests.minutes(start - 7 * day, start, start);
    expect(world.asked).toBe(0);
    requests.minutes(start - 7 * day + minuteMs, start + minuteMs, start + minuteMs);
    expect(world.asked).toBeLessThan(5);
  });

  it('count what failed while it was watched to the minute, also in a week', () => {
    const { world, requests } = history();
    requests.advance(start + hour);
    world.broken = true;
    requests.advance(start + hour + 4 * minuteMs);
    world.broken = false;
    const now = start + 2 * hour;
    requests.advance(now);
    const ofTheHour = sumOf(requests.minutes(now - 2 * hour, now, now), 'failed');
    expect(ofTheHour).toBeGreaterThan(4 * 60 * 50);
    expect(sumOf(requests.minutes(now - 7 * day, now, now), 'failed')).toBeCloseTo(ofTheHour);
  });

  it('are as though nothing had failed when that is forgotten', () => {
    const { world, requests } = history();
    world.broken = true;
    requests.advance(start + hour);
    world.broken = false;
    const now = start + hour;
    expect(sumOf(requests.minutes(start, now, now), 'failed')).toBeGreaterThan(0);
    requests.startAnew(now);
    expect(sumOf(requests.minutes(start, now, now), 'failed')).toBe(0);
    expect(sumOf(requests.minutes(start, now, now), 'requests')).toBeGreaterThan(0);
  });
});
