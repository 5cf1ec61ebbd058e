import { join } from 'node:path';
import { run } from '@aegis/testkit/run';
import { expect, it } from 'vitest';

/** As in an image, which has no embedded engine. */
const WITHOUT_ENGINE = `data:text/javascript,
  import { registerHooks } from 'node:module';
  registerHooks({ resolve(name, context, next) {
    if (name.startsWith('chdb')) throw new Error('Cannot find package ' + name);
    return next(name, context);
  } });`;

it('where there is no engine and no server is named, it says which variable to set', async () => {
  const module = join(import.meta.dirname, '../src/clickhouse.ts');
  const script = `const { connectClickHouse } = await import('${module}');
    await connectClickHouse({ dataDir: '/nowhere' }).catch((error) => console.log(error.name + ': ' + error.message));`;
  const args = ['--import', WITHOUT_ENGINE, '--input-type=module', '-e', script];
  expect(await run(process.execPath, args)).toBe(
    'ConfigError: CLICKHOUSE_URL is missing, and there is no embedded ClickHouse here: set it to a server\n',
  );
});
