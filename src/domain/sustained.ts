/** `hits` of the last `of` windows. More than half, so that a load can never be both sustained and over. */
export interface Sustained {
  readonly hits: number;
  readonly of: number;
}
