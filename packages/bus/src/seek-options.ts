/** Where a group that nobody is a member of at the moment shall go on. */
export interface SeekOptions {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  /** The next message the group gets. */
  readonly offset: bigint;
}
