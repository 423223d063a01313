/** A value of a minute, at its beginning; milliseconds since 1970. */
export interface MinuteValue {
  readonly at: number;
  readonly value: number;
}

const minuteMs = 60_000;

/**
 * What a rule would have seen at the end of each minute: the minutes of its window before that, put together as it does.
 * `sum` for totals, whose missing minutes count as none. A window without any minute is left out.
 */
export function rolling(
  minutes: readonly MinuteValue[],
  windowMinutes: number,
  aggregation: 'average' | 'total' | 'maximum' | 'minimum',
): MinuteValue[] {
  return minutes.map(({ at }, index) => {
    const from = at - (windowMinutes - 1) * minuteMs;
    const values: number[] = [];
    for (let back = index; back >= 0 && (minutes[back]?.at ?? 0) >= from; back -= 1) {
      values.push((minutes[back] as MinuteValue).value);
    }
    return { at: at + minuteMs, value: together(values, aggregation) };
  });
}

function together(values: readonly number[], aggregation: 'average' | 'total' | 'maximum' | 'minimum'): number {
  const sum = values.reduce((total, value) => total + value, 0);
  switch (aggregation) {
    case 'total':
      return sum;
    case 'average':
      return sum / values.length;
    case 'maximum':
      return Math.max(...values);
    case 'minimum':
      return Math.min(...values);
  }
}
