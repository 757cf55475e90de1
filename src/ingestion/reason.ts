/** One thing that speaks for, against or about a way to run ingestion. */
export interface Reason {
  readonly severity: 'info' | 'warning' | 'error';
  readonly text: string;
  /** What would make it fit; absent when nothing would. */
  readonly remedy?: string;
  /** The page or project that says so. */
  readonly source: string;
}
