/** A report that people can ask for. */
export type ReportKind = 'daily' | 'weekly' | 'monthly';

export interface ReportRequest {
  readonly kind: ReportKind;
  /** Stable over repeated deliveries of the same command: one report comes of it. */
  readonly requestKey: string;
  /** Where it is shown. */
  readonly channel: string;
}

/** Makes a report now, into a channel. What can't be read is said in the report. */
export interface Reports {
  post(request: ReportRequest): Promise<void>;
}
