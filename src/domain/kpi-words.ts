import type { KpiDefinition, KpiUnit } from './kpi.ts';

const unitSigns: Readonly<Record<KpiUnit, string>> = {
  percent: '%',
  milliseconds: 'ms',
  'requests/minute': 'rpm',
  'operations/second': 'IOPS',
};

/** `%`, `ms`, `rpm`, `IOPS`. */
export function unitSign(unit: KpiUnit): string {
  return unitSigns[unit];
}

/** `99.97 %`, `142 ms`, `41,200 rpm`: three figures that count, more where the value is near 100 %. */
export function kpiValue(unit: KpiUnit, value: number): string {
  const nearAll = unit === 'percent' && value > 99 && value < 100;
  const digits = nearAll ? 4 : Math.abs(value) >= 1_000 ? 4 : 3;
  return `${value.toLocaleString('en-GB', { maximumSignificantDigits: digits })} ${unitSigns[unit]}`;
}

/** `target ≥ 99.95 %` and `alert < 99.9 %`. */
export function boundsInWords({
  better,
  unit,
  target,
  alert,
}: Pick<KpiDefinition, 'better' | 'unit' | 'target' | 'alert'>): [string, string] {
  const [reach, miss] = better === 'higher' ? ['≥', '<'] : ['≤', '>'];
  return [`target ${reach} ${bound(target)} ${unitSigns[unit]}`, `alert ${miss} ${bound(alert)} ${unitSigns[unit]}`];
}

/** Bounds are round numbers: shown whole. */
function bound(value: number): string {
  return value.toLocaleString('en-GB', { maximumFractionDigits: 4 });
}
