import { type BenchWorld, incidents, openBenchWorld, wordsOf } from './bench-world.ts';
import { seededRandom } from './seeded-random.ts';

const faults = ['lost answer', '420', '429', 'kill'] as const;
type Fault = (typeof faults)[number];

/**
 * Row R14: each round tells customers of an incident, once more and for the last time, and each of the three posts meets
 * a fault of its seed: the answer is lost, Statuspage answers 420 or 429, or the app is killed as the post arrives.
 */
export async function benchStatuspage(rounds: number): Promise<string> {
  const world = await openBenchWorld();
  const met = new Map<Fault, number>(faults.map((fault) => [fault, 0]));
  try {
    await world.startApp();
    for (let round = 1; round <= rounds; round += 1) {
      const random = seededRandom(round);
      const title = `Status round ${round}`;
      await world.slack.as('U0ANA').command(incidents, `incident declare "${title}" P3 in cell-banking`);
      const id = await world.until(() => idOf(world, title), `the card of ${title}`, 120_000);
      for (const purpose of ['draft', 'update', 'resolve']) {
        const fault = faults[Math.floor(random() * faults.length)] ?? 'lost answer';
        met.set(fault, (met.get(fault) ?? 0) + 1);
        await tell(world, purpose, id, fault);
      }
    }
    const { incidents: shown } = world.statuspage.snapshot();
    const bodies = shown.flatMap(({ updates }) => updates.map(({ body }) => body));
    const doubled = bodies.length - new Set(bodies).size;
    const faulty = [...met].map(([fault, count]) => `${count} × ${fault}`).join(', ');
    return `${rounds} incidents told of three times each under ${faulty}: ${shown.length} incidents on the page, ${new Set(bodies).size} of ${rounds * 3} updates there, ${doubled} doubled, ${world.kills()} kills`;
  } finally {
    await world.close();
  }
}

/** Opens the form, hands it in with a text of its own, and waits until customers read it. */
async function tell(world: BenchWorld, purpose: string, id: string, fault: Fault): Promise<void> {
  const ana = world.slack.as('U0ANA');
  const body = `${id}, ${purpose}: this is what customers read.`;
  const form = () => world.slack.snapshot().views.find(({ userId }) => userId === 'U0ANA');
  await ana.command(incidents, `statuspage ${purpose} ${id}`);
  const view = await world.until(form, `the form to ${purpose} ${id}`);
  const blocks = (view.view.blocks ?? []) as {
    block_id?: string;
    element?: { initial_value?: string; initial_option?: { value: string } };
  }[];
  const values = blocks.flatMap(({ block_id, element }) =>
    block_id && element ? [[block_id, element.initial_value ?? element.initial_option?.value ?? ''] as const] : [],
  );
  const stop = strike(world, fault);
  await ana.submit(view.id, { ...Object.fromEntries(values), body });
  await world.until(
    () => world.statuspage.snapshot().incidents.some(({ updates }) => updates.some((update) => update.body === body)),
    body,
    180_000,
  );
  await world.alive();
  // Its end is noted down when the thread says so: a repeat would have come by then.
  await world.until(
    () => world.messages().some((one) => wordsOf(one).includes(body)),
    `the thread on “${body}”`,
    180_000,
  );
  stop();
}

function strike(world: BenchWorld, fault: Fault): () => void {
  if (fault === 'lost answer') world.statuspage.loseAnswers(1);
  if (fault === '420') world.statuspage.throttle(2, 420, 2);
  if (fault === '429') world.statuspage.throttle(1, 429, 1);
  if (fault !== 'kill') return () => undefined;
  const stop = world.statuspage.subscribe(() => {
    stop();
    world.statuspage.loseAnswers(1);
    world.kill();
  });
  return stop;
}

function idOf(world: BenchWorld, title: string): string | undefined {
  const card = world.messages().find((one) => one.threadTs === undefined && wordsOf(one).includes(title));
  return card && /\bi-\d+\b/.exec(wordsOf(card))?.[0];
}
