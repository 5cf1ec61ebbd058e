import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { findTool } from '../../src/tools.ts';

const ROOT = join(import.meta.dirname, '../../../..');
const CONFIG = join(ROOT, '.gitleaks.toml');
const run = promisify(execFile);

const gitleaks = await findTool('gitleaks');

describe.runIf(gitleaks)('the search for secrets', () => {
  const search = (...args: string[]) => run(gitleaks ?? '', [...args, '--no-banner', `--config=${CONFIG}`]);

  it('finds a key of ours wherever it was left, and nothing in its prefix alone', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'aegis-secrets-'));
    const key = `aegis_sk_${randomBytes(64).toString('base64url').replaceAll(/[-_]/g, 'a').slice(0, 49)}`;
    try {
      await writeFile(join(dir, 'agent.py'), `client = Client("${key}")\n`);
      await writeFile(join(dir, 'page.md'), 'A key begins with aegis_sk_ and has 49 characters more.\n');
      const report = join(dir, 'report.json');
      await expect(search('dir', dir, `--report-path=${report}`)).rejects.toMatchObject({ code: 1 });
      const leaks = JSON.parse(await readFile(report, 'utf8')) as { readonly RuleID: string }[];
      expect(leaks.map((leak) => leak.RuleID)).toEqual(['aegis-api-key']);
    } finally {
      await rm(dir, { recursive: true });
    }
  });

  it('finds none in the history of this repository', async () => {
    await expect(search('git', ROOT)).resolves.toMatchObject({ stdout: '' });
  });
});
