import type { SlackFaults } from './contract.ts';

export type Fault =
  | { kind: 'throttle'; retryAfter: number }
  | { kind: 'lose' }
  | { kind: 'late'; ms: number }
  | { kind: 'status'; status: number };

/** What the buttons and tests break; each fault of a method is used up by so many calls. */
export class Faults implements SlackFaults {
  isDown = false;
  readonly #planned = new Map<string, { fault: Fault; times: number }[]>();

  down(on: boolean): void {
    this.isDown = on;
  }

  throttle(method: string, times: number, retryAfterSeconds: number): void {
    this.#plan(method, times, { kind: 'throttle', retryAfter: retryAfterSeconds });
  }

  loseAnswers(method: string, times: number): void {
    this.#plan(method, times, { kind: 'lose' });
  }

  answerLate(method: string, times: number, ms: number): void {
    this.#plan(method, times, { kind: 'late', ms });
  }

  failWith(method: string, times: number, status: number): void {
    this.#plan(method, times, { kind: 'status', status });
  }

  next(method: string): Fault | undefined {
    const planned = this.#planned.get(method);
    const first = planned?.[0];
    if (!planned || !first) return undefined;
    first.times -= 1;
    if (first.times <= 0) planned.shift();
    return first.fault;
  }

  #plan(method: string, times: number, fault: Fault): void {
    if (times > 0) this.#planned.set(method, [...(this.#planned.get(method) ?? []), { fault, times }]);
  }
}
