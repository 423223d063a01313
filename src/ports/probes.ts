/**
 * What clients see from outside: DNS and HTTP, asked by the app itself. Errors: `timeout`, `unavailable`, `not-allowed`;
 * `throttled` where the app itself hardly got to run, so that nothing is known of who was asked.
 */
export interface ProbesPort {
  /**
   * Where a name leads: the last name of its chain of CNAMEs that DNS gives, in small letters, or the name itself when
   * it has none; undefined: DNS has no answer. Asks the estate file's DNS servers, past every cache of ours.
   */
  leadsTo(host: string, signal: AbortSignal): Promise<string | undefined>;
  /**
   * One GET, without a redirect followed and without a body read; once more where its connection breaks, as one lost
   * packet is no lost region. `tookMs` does not count time in which the app itself did not get to run. Only hosts of the
   * estate file are asked: else `not-allowed`.
   */
  call(url: string, signal: AbortSignal): Promise<{ readonly status: number; readonly tookMs: number }>;
}
