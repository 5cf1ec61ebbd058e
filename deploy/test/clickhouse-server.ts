import { startClickHouse } from '@aegis/testkit/clickhouse';

/** Usage: clickhouse-server.ts PORT DIR */
const [port, dir] = process.argv.slice(2);
const server = await startClickHouse({ port: Number(port), dir: dir ?? '' });
process.once('SIGTERM', () => void server.stop().then(() => process.exit(0)));
