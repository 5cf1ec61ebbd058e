import { openSession } from './session.ts';

/**
 * Lets analytics go on where the log ends, on the bus in PostgreSQL: what it had read beyond that is not in the log yet,
 * so that the facts written again from the log lack it.
 */
export async function rewindAnalytics(databaseUrl: string): Promise<void> {
  const session = await openSession(databaseUrl);
  try {
    await session.query(
      `UPDATE bus.group_offsets own
          SET committed = least(own.committed, coalesce(
                (SELECT log.committed FROM bus.group_offsets log
                  WHERE log."group" = 'audit' AND log.topic = own.topic AND log.partition = own.partition), 0))
        WHERE own."group" = 'analytics'`,
    );
  } finally {
    await session.end();
  }
}
