/** Posted alerts that could not be read for the same reason. */
export interface UnreadGroup {
  /** Whose schema it should have been: `azure-monitor`, `generic`. */
  readonly poster: string;
  /** Why it could not be read, as its sender was told. */
  readonly says: string;
  readonly times: number;
  /** ISO 8601. */
  readonly first: string;
  readonly last: string;
  /** Number of the newest of them. */
  readonly newest: number;
}

export interface UnreadAlert {
  readonly number: number;
  readonly poster: string;
  readonly says: string;
  readonly at: string;
  /** Of the body as it came. */
  readonly bytes: number;
  /** The body's beginning, as text. */
  readonly body: string;
}

/** What was posted as an alert and is none that Stamps knows. */
export interface UnreadAlertsDesk {
  /** The last one's group first. */
  groups(): Promise<UnreadGroup[]>;
  /** Throws `bad-input`: there is none of this number, or not any more. */
  one(number: number): Promise<UnreadAlert>;
}
