import type { ClickHouseClient } from '@clickhouse/client';

/** The ClickHouse database that analytics owns. */
export interface Store {
  readonly clickhouse: ClickHouseClient;
  /** A plain name; statements bind it as `{database:Identifier}`. */
  readonly database: string;
}

/** ClickHouse' text form of a time, which every version reads alike: `2026-03-05 10:00:00.123`, in UTC. */
export function dateTime64(time: Date): string {
  return time.toISOString().slice(0, 'yyyy-mm-ddThh:mm:ss.mmm'.length).replace('T', ' ');
}
