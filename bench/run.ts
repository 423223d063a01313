import { ackLine, benchAck } from './ack.ts';
import { benchAlertToCard } from './alert-to-card.ts';
import { benchApprove } from './approve.ts';
import { assessLine, benchAssess } from './assess.ts';
import { benchBurst } from './burst.ts';
import { benchCapacity } from './capacity.ts';
import { benchCorrelate } from './correlate.ts';
import { benchCorrelateBatch } from './correlate-batch.ts';
import { benchCrash, crashLine } from './crash.ts';
import { benchCrashOutage, outageLine } from './crash-outage.ts';
import { stories } from './crash-stories.ts';
import { benchCrashWaiting, waitingLine } from './crash-waiting.ts';
import { benchDigest } from './digest.ts';
import { benchDigestCells } from './digest-cells.ts';
import { benchFailover, failoverLine } from './failover.ts';
import { benchForecast, forecastLine } from './forecast.ts';
import { benchKpi } from './kpi.ts';
import { benchPagerDuty } from './pagerduty.ts';
import { percentile, shown } from './percentile.ts';
import { benchPictures } from './pictures.ts';
import { benchStart } from './start.ts';
import { benchStatus } from './status.ts';
import { benchStatuspage } from './statuspage.ts';
import { benchSteps } from './steps.ts';
import { benchStorm } from './storm.ts';

/** `npm run bench` prints every figure; `npm run bench -- ack crash=5` those, with a size of their own. */
const rows: Readonly<Record<string, { size: number; run(size: number): Promise<string> }>> = {
  start: {
    size: 1,
    run: async () => {
      const { seconds, appMegabytes } = await benchStart();
      return `sandbox: ${seconds.toFixed(1)} s to a URL that answers; the app's process ${appMegabytes.toFixed(0)} MB at rest`;
    },
  },
  step: {
    size: 30,
    run: async (rounds) => {
      const { ours, plain } = await benchSteps(rounds);
      const [mine, bare] = [percentile(ours, 0.5), percentile(plain, 0.5)];
      const ratio = percentile(
        ours.map((ms, round) => ms / (plain[round] ?? Number.NaN)),
        0.5,
      );
      return `one step of a plan: ${shown(mine)}; one plain DBOS step: ${shown(bare)}; ratio ${ratio.toFixed(2)}, the median of ${ours.length} pairs`;
    },
  },
  ack: { size: 30, run: async (seconds) => ackLine(await benchAck(seconds)) },
  approve: {
    size: 50,
    run: async (rounds) => {
      const took = await benchApprove(rounds);
      return `approve click to first write at Azure: p50 ${shown(percentile(took, 0.5))}, p99 ${shown(percentile(took, 0.99))}, ${took.length} clicks`;
    },
  },
  picture: { size: 20, run: benchPictures },
  digest: { size: 1, run: benchDigest },
  'digest-cells': { size: 1_000, run: benchDigestCells },
  capacity: { size: 1_000, run: benchCapacity },
  status: { size: 1_000, run: benchStatus },
  forecast: { size: 20, run: async (seeds) => forecastLine(benchForecast(seeds)) },
  kpi: { size: 1_000, run: benchKpi },
  storm: { size: 60, run: benchStorm },
  burst: { size: 3, run: benchBurst },
  'alert-to-card': { size: 20, run: benchAlertToCard },
  correlate: { size: 10_000, run: async (rounds) => benchCorrelate(rounds) },
  'correlate-batch': { size: 300, run: benchCorrelateBatch },
  statuspage: { size: 12, run: benchStatuspage },
  pagerduty: { size: 600, run: benchPagerDuty },
  crash: {
    size: 20,
    run: async (seeds) => crashLine(await benchCrash(stories.cell, seeds)),
  },
  'crash-region': {
    size: 20,
    run: async (seeds) => crashLine(await benchCrash(stories.region, seeds)),
  },
  'crash-recover': {
    size: 20,
    run: async (seeds) => crashLine(await benchCrash(stories.recovery, seeds)),
  },
  'crash-undo': {
    size: 20,
    async run(seeds) {
      const { failedSwap, failedDrill, undoneMoves, undoneRecovery } = stories;
      const lines: string[] = [];
      for (const story of [failedSwap, failedDrill, undoneMoves, undoneRecovery])
        lines.push(crashLine(await benchCrash(story, seeds)));
      return lines.join('\n');
    },
  },
  'crash-drill': {
    size: 20,
    run: async (seeds) => crashLine(await benchCrash(stories.drill, seeds)),
  },
  'crash-scale': {
    size: 20,
    run: async (seeds) => crashLine(await benchCrash(stories.scaling, seeds)),
  },
  'crash-waiting': {
    size: 20,
    async run(seeds) {
      const { cell, region, recovery, scaling, drill } = stories;
      const told = [cell, region, recovery, scaling, drill].map((story) => benchCrashWaiting(story, seeds));
      return (await Promise.all(told)).map(waitingLine).join('\n');
    },
  },
  'crash-outage': { size: 20, run: async (seeds) => outageLine(await benchCrashOutage(seeds)) },
  assess: { size: 10, run: async (rounds) => assessLine(await benchAssess(rounds)) },
  failover: { size: 1, run: async () => failoverLine(await benchFailover()) },
};

const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(rows);
for (const argument of wanted) {
  const [name = '', size] = argument.split('=');
  const row = rows[name];
  if (!row) {
    console.error(`There is no row “${name}”: ${Object.keys(rows).join(', ')}.`);
    process.exit(2);
  }
  console.log(`${name}: ${await row.run(size === undefined ? row.size : Number(size))}`);
}
process.exit(0);
