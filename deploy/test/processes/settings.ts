/** What the command line says. */
export interface Settings {
  /** Intents a second. */
  readonly rate: number;
  /** How long what was killed stays away. */
  readonly downSeconds: number;
  /** The commit to upgrade from. */
  readonly previous: string;
  /** Whether tables go into the documentation. */
  readonly write: boolean;
}
