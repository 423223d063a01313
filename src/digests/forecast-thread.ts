import { parentPort } from 'node:worker_threads';
import type { ForecastAnswer, ForecastQuestion } from './forecaster.ts';
import { foresee } from './foresee.ts';

// A thread of its own: `forecaster.ts` starts it.
parentPort?.on('message', ({ id, hours, withLastDay }: ForecastQuestion) => {
  let answer: ForecastAnswer;
  try {
    answer = { id, foreseen: foresee(hours, withLastDay) };
  } catch (error) {
    answer = { id, fault: error instanceof Error ? error.message : String(error) };
  }
  parentPort?.postMessage(answer);
});
