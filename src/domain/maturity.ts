/** How an estate is run, the lowest first. */
export const maturityLevels = ['reactive', 'proactive', 'predictive', 'autonomous'] as const;
export type MaturityLevel = (typeof maturityLevels)[number];

/** What really happened in a month, in counts. */
export interface MaturityEvidence {
  /** Incidents that began in it. */
  readonly incidents: number;
  /** Of those, found by an alert before a person declared them. */
  readonly foundByAlerts: number;
  /** Of those that somebody acknowledged, how many, and how many of them in their severity's time. */
  readonly acknowledged: number;
  readonly acknowledgedInTime: number;
  /** Runs that were applied. */
  readonly runs: number;
  /** Of those, asked for while no incident was open on their cell. */
  readonly beforeTrouble: number;
  /** Of those, asked for by Stamps itself, within what a person had declared. */
  readonly byStamps: number;
  /** Scale-outs that were applied, where the cell's CPU was known before them. */
  readonly scaleOuts: number;
  /** Of those, asked for before that CPU had passed its alert. */
  readonly scaledBefore: number;
  /** Scalings that Stamps proposed, and those that people took. */
  readonly proposed: number;
  readonly taken: number;
  /** Windows of indicators, and those with a value. */
  readonly windows: number;
  readonly known: number;
}

export interface MaturityCriterion {
  /** The level that it is needed for. */
  readonly level: Exclude<MaturityLevel, 'reactive'>;
  readonly says: string;
  /** 0–1; undefined: nothing happened that could show it. */
  readonly share: number | undefined;
  readonly needed: number;
}

export interface Maturity {
  /** Undefined: too little happened to say. */
  readonly level: MaturityLevel | undefined;
  readonly criteria: readonly MaturityCriterion[];
}

/** With fewer incidents and runs together, a month shows nothing. */
const leastEvents = 3;

/**
 * The level at which the estate was really run: the highest whose criteria, and those of the levels below, are all met
 * by what happened. The guide names the levels and not how to tell them: these criteria are ours. What did not happen
 * counts for nothing.
 */
export function maturityOf(evidence: MaturityEvidence): Maturity {
  const share = (part: number, whole: number) => (whole > 0 ? part / whole : undefined);
  const { incidents, runs, windows, acknowledged } = evidence;
  const criteria: MaturityCriterion[] = [
    {
      level: 'proactive',
      says: 'windows of indicators that were measured',
      share: share(evidence.known, windows),
      needed: 0.9,
    },
    {
      level: 'proactive',
      says: 'incidents that alerts found before people did',
      share: share(evidence.foundByAlerts, incidents),
      needed: 0.8,
    },
    {
      level: 'proactive',
      says: 'acknowledgements within their severity’s time',
      share: share(evidence.acknowledgedInTime, acknowledged),
      needed: 0.8,
    },
    {
      level: 'predictive',
      says: 'runs that were asked for before there was an incident on their cell',
      share: share(evidence.beforeTrouble, runs),
      needed: 0.5,
    },
    {
      level: 'predictive',
      says: 'scale-outs that were asked for before the cell’s CPU passed its alert',
      share: share(evidence.scaledBefore, evidence.scaleOuts),
      needed: 0.5,
    },
    {
      level: 'autonomous',
      says: 'runs that Stamps asked for by itself, as people had declared',
      share: share(evidence.byStamps, runs),
      needed: 0.5,
    },
  ];
  if (incidents + runs < leastEvents) return { level: undefined, criteria };
  const met = (level: MaturityLevel) =>
    criteria
      .filter((criterion) => criterion.level === level)
      .every(({ share: got, needed }) => got === undefined || got >= needed) &&
    criteria.some((criterion) => criterion.level === level && criterion.share !== undefined);
  const failed = maturityLevels.slice(1).findIndex((level) => !met(level));
  return { level: maturityLevels[failed < 0 ? maturityLevels.length - 1 : failed], criteria };
}
