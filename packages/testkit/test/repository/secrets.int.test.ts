import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../../../..');
const CONFIG = join(ROOT, '.gitleaks.toml');
const run = promisify(execFile);

/** `go install github.com/zricethezav/gitleaks/v8@v8.28.0` */
async function hasGitleaks(): Promise<boolean> {
  const found = await run('gitleaks', ['version']).then(
    () => true,
    () => false,
  );
  if (found) return true;
  if (process.env['AEGIS_TEST_REQUIRE']?.split(',').includes('gitleaks')) {
    throw new Error(
      'AEGIS_TEST_REQUIRE=gitleaks, but there is none: go install github.com/zricethezav/gitleaks/v8@v8.28.0',
    );
  }
  console.warn('\n*** SKIPPED: the search for secrets (gitleaks is not there) ***\n');
  return false;
}

describe.runIf(await hasGitleaks())('the search for secrets', () => {
  it('finds a key of ours wherever it was left, and nothing in its prefix alone', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'aegis-secrets-'));
    const key = `aegis_sk_${randomBytes(64).toString('base64url').replaceAll(/[-_]/g, 'a').slice(0, 49)}`;
    try {
      await writeFile(join(dir, 'agent.py'), `client = Client("${key}")\n`);
      await writeFile(join(dir, 'page.md'), 'A key begins with aegis_sk_ and has 49 characters more.\n');
      const report = join(dir, 'report.json');
      const search = ['dir', '--no-banner', `--config=${CONFIG}`, `--report-path=${report}`, dir];
      await expect(run('gitleaks', search)).rejects.toMatchObject({ code: 1 });
      const { stdout } = await run('node', [
        '--print',
        `JSON.stringify(require('${report}').map((leak) => leak.RuleID))`,
      ]);
      expect(JSON.parse(stdout)).toEqual(['aegis-api-key']);
    } finally {
      await rm(dir, { recursive: true });
    }
  });

  it('finds none in the history of this repository', async () => {
    await expect(run('gitleaks', ['git', '--no-banner', `--config=${CONFIG}`, ROOT])).resolves.toMatchObject({
      stdout: '',
    });
  });
});
