/** No service that we call asks for more than an hour; a mistaken header must not stop us for a day. */
const mostMs = 3_600_000;

/**
 * What `Retry-After` asks for: seconds or an HTTP date, or Azure's own header in milliseconds. Between 0 and an hour;
 * undefined when it is absent or makes no sense.
 */
export function retryAfterMs(header: (name: string) => string | undefined, now: number): number | undefined {
  const ownMs = header('x-ms-retry-after-ms') ?? header('retry-after-ms');
  const value = header('retry-after')?.trim();
  const ms =
    ownMs !== undefined
      ? Number(ownMs)
      : value === undefined || value === ''
        ? Number.NaN
        : /^\d+(\.\d+)?$/.test(value)
          ? Number(value) * 1000
          : Date.parse(value) - now;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(Math.round(ms), 0), mostMs);
}
