/**
 * What SQL databases are bought as. Names, sizes and largest databases: learn.microsoft.com, “Resource limits for single
 * databases using the DTU purchasing model” and the same for vCores; a sku's name, tier, family and capacity as
 * azure-rest-api-specs, LocationCapabilities.json, has them.
 */
export interface Objective {
  /** `S3`. */
  readonly name: string;
  readonly sku: { readonly name: string; readonly tier: string; readonly family?: string; readonly capacity: number };
  readonly unit: 'DTU' | 'VCores';
  readonly mostGigabytes: number;
  readonly computeModel?: 'Provisioned' | 'Serverless';
  /** `Visible` ones exist, and this subscription gets none of them. */
  readonly status: 'Available' | 'Default' | 'Visible';
}

function dtus(tier: string, prefix: string, sizes: readonly (readonly [number | '', number, number])[]): Objective[] {
  return sizes.map(([step, capacity, mostGigabytes]) => ({
    name: `${prefix}${step}`,
    sku: { name: tier, tier, capacity },
    unit: 'DTU',
    mostGigabytes,
    status: prefix === 'S' && step === 0 ? 'Default' : 'Available',
  }));
}

function vCores(prefix: string, tier: string, computeModel: 'Provisioned' | 'Serverless'): Objective[] {
  return [2, 4, 6, 8, 10].map((capacity) => ({
    name: `${prefix}_Gen5_${capacity}`,
    sku: { name: `${prefix}_Gen5`, tier, family: 'Gen5', capacity },
    unit: 'VCores',
    mostGigabytes: capacity < 8 ? 1_024 : 2_048,
    computeModel,
    status: capacity === 2 ? 'Default' : 'Available',
  }));
}

export const objectives: readonly Objective[] = [
  ...dtus('Basic', 'Basic', [['', 5, 2]]),
  ...dtus('Standard', 'S', [
    [0, 10, 250],
    [1, 20, 250],
    [2, 50, 250],
    [3, 100, 1_024],
    [4, 200, 1_024],
    [6, 400, 1_024],
    [7, 800, 1_024],
    [9, 1_600, 1_024],
    [12, 3_000, 1_024],
  ]),
  ...dtus('Premium', 'P', [
    [1, 125, 1_024],
    [2, 250, 1_024],
    [4, 500, 1_024],
    [6, 1_000, 1_024],
  ]),
  ...vCores('GP', 'GeneralPurpose', 'Provisioned'),
  ...vCores('GP_S', 'GeneralPurpose', 'Serverless'),
  ...vCores('BC', 'BusinessCritical', 'Provisioned'),
];

export function objectiveNamed(name: string): Objective {
  const found = objectives.find((one) => one.name === name);
  if (!found) throw new Error(`There is no service objective ${name}.`);
  return found;
}

interface Had {
  readonly since: number;
  readonly objective: Objective;
}

/** What a database is bought as, over time. */
export class Purchase {
  /** The newest last. */
  readonly #had: [Had, ...Had[]];
  /** Asked for, and not there yet. */
  requested: Objective | undefined;
  readonly mostBytes: number;
  poolId: string | undefined;
  /** How much its queries take, as times the usual, the newest last. */
  readonly #taken: { readonly since: number; readonly times: number }[] = [];

  constructor(objective: Objective, since: number, mostBytes = 250 * 1_024 ** 3) {
    this.#had = [{ since, objective }];
    this.mostBytes = mostBytes;
  }

  get now(): Objective {
    return (this.#had.at(-1) ?? this.#had[0]).objective;
  }

  /** Before it was first changed, what it was then. */
  at(moment: number): Objective {
    return (this.#had.findLast(({ since }) => since <= moment) ?? this.#had[0]).objective;
  }

  /** In percent of what it has at a moment, what is so much of what it had in the beginning. */
  percentAt(moment: number, ofFirst: number): number {
    return Math.min(
      100,
      (this.#timesAt(moment) * ofFirst * this.#had[0].objective.sku.capacity) / this.at(moment).sku.capacity,
    );
  }

  get times(): number {
    return this.#taken.at(-1)?.times ?? 1;
  }

  take(times: number, since: number): void {
    this.#taken.push({ since, times });
  }

  #timesAt(moment: number): number {
    return this.#taken.findLast(({ since }) => since <= moment)?.times ?? 1;
  }

  become(objective: Objective, since: number): void {
    this.#had.push({ since, objective });
  }

  /** When it was last switched over to another size; undefined: never. */
  get switchedAt(): number | undefined {
    return this.#had.length > 1 ? this.#had.at(-1)?.since : undefined;
  }

  /** A copy is bought as its source is. */
  copy(since: number): Purchase {
    return new Purchase(this.now, since, this.mostBytes);
  }
}
