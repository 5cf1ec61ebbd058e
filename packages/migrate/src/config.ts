import { type Environment, readConfig, url } from '@aegis/runtime/config';
import { z } from 'zod';

/** The engine embedded in analytics is migrated by analytics itself: nobody else reaches its files. */
const servers = z
  .object({
    DATABASE_URL: url(['postgres', 'postgresql']),
    CLICKHOUSE_URL: url(['http', 'https']),
  })
  .transform((env) => ({ databaseUrl: env.DATABASE_URL, clickhouseUrl: env.CLICKHOUSE_URL }));

/** Reads where the stores are. Throws ConfigError naming the variables at fault. */
export function readServersConfig(env: Environment): z.output<typeof servers> {
  return readConfig(servers, env);
}
