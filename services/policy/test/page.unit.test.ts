import { newId } from '@aegis/contracts/ids';
import { expect, test } from 'vitest';
import type { z } from 'zod';
import { readPage } from '../src/domain/page.ts';
import { agentKeySchema } from '../src/store/agents.ts';
import { rateKeySchema } from '../src/store/fx-rates.ts';
import { policyKeySchema, versionKeySchema } from '../src/store/policies.ts';
import { entryKeySchema } from '../src/store/wallets.ts';

const NOW = '2026-03-05T10:00:00.000Z';
const NO_YEAR = '0000-03-05T10:00:00.000Z';
const ID = '01a22ee6-451c-778f-9ab9-3eedcf1cb4de';

function read(key: z.ZodType, position: unknown) {
  const cursor = Buffer.from(JSON.stringify(position)).toString('base64url');
  return readPage({ limit: 1, offset: 0, cursor }, key).after;
}

test.each<[string, z.ZodType, unknown[], unknown[][]]>([
  ['agents', agentKeySchema, [NOW, ID], [[NO_YEAR, ID]]],
  ['policies', policyKeySchema, [2.5, NOW, newId('pol')], [[1, NO_YEAR, newId('pol')]]],
  ['versions', versionKeySchema, [7], [[2 ** 31]]],
  [
    'rates',
    rateKeySchema,
    ['EUR', NOW, 1],
    [
      ['\0', NOW, 1],
      ['EUR', NO_YEAR, 1],
      ['EUR', NOW, 2 ** 31],
    ],
  ],
  ['entries', entryKeySchema, ['12'], [['9999999999999999999']]],
])(
  'a cursor of %s that somebody made up asks the database for nothing that it cannot read',
  (_, key, given, forged) => {
    expect(read(key, given)).toEqual(given);
    for (const position of forged) expect(() => read(key, position)).toThrow('is not one that this list gave out');
  },
);
