/** Where a command writes. */
export interface Terminal {
  print(text: string): void;
  /** Replaces the last such line; for people who wait. */
  progress(line: string): void;
}
