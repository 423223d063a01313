import { useSyncExternalStore } from 'react';

const stepMs = 15_000;

/** The time in milliseconds, renewed four times a minute. */
export function useNow(): number {
  return useSyncExternalStore(tick, now, now);
}

function tick(changed: () => void): () => void {
  const timer = setInterval(changed, stepMs);
  return () => clearInterval(timer);
}

function now(): number {
  return Math.floor(Date.now() / stepMs) * stepMs;
}
