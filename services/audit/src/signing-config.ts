import { createPrivateKey, type KeyObject } from 'node:crypto';
import { secretKeys } from '@aegis/runtime/config';
import { FormatError } from '@aegis/verify/format/format-error';
import { parseSignerKey } from '@aegis/verify/format/note';
import { z } from 'zod';

/** How checkpoints are signed. */
export interface SigningConfig {
  /** Names the logs: an organisation's is `<origin>/org/<id>`. */
  readonly origin: string;
  /** Signs all logs; null: each has a key of its own, sealed under `secretKeys`. */
  readonly key: KeyObject | null;
  readonly previousKey: KeyObject | 'lost' | null;
  readonly secretKeys: readonly Uint8Array[] | null;
  /** Signs manifests of exports; null: each organisation has one derived from the first of `secretKeys` or `key`. */
  readonly manifestKey: KeyObject | null;
}

const KEY_MESSAGE = 'must be an Ed25519 private key: PKCS #8 in PEM, or PRIVATE+KEY+… of a signed note';

const privateKey = z.string().transform((text, context): KeyObject => {
  const key = readPrivateKey(text);
  if (key?.asymmetricKeyType === 'ed25519') return key;
  context.addIssue({ code: 'custom', message: KEY_MESSAGE });
  return z.NEVER;
});

export const signingVariables = {
  AUDIT_LOG_ORIGIN: z
    .string()
    .regex(
      /^[^\s+/]+(?:\/[^\s+/]+)*$/,
      'must be a name such as audit.example.com, without scheme, spaces or plus signs',
    )
    .default('aegis.localhost'),
  AUDIT_SIGNING_KEY: privateKey.optional(),
  AUDIT_PREVIOUS_SIGNING_KEY: z.union([z.literal('lost'), privateKey]).optional(),
  AUDIT_MANIFEST_KEY: privateKey.optional(),
  AEGIS_SECRET_KEY: secretKeys().optional(),
};

type Variables = z.output<z.ZodObject<typeof signingVariables>>;

/** Adds an issue where there is neither a key nor what to seal one with. */
export function signingConfig(env: Variables, context: z.RefinementCtx): SigningConfig {
  if (!env.AUDIT_SIGNING_KEY && !env.AEGIS_SECRET_KEY) {
    context.addIssue({
      code: 'custom',
      path: ['AEGIS_SECRET_KEY'],
      message: 'seals the keys that sign the log (openssl rand -base64 32), unless AUDIT_SIGNING_KEY gives one',
    });
  }
  return {
    origin: env.AUDIT_LOG_ORIGIN,
    key: env.AUDIT_SIGNING_KEY ?? null,
    previousKey: env.AUDIT_PREVIOUS_SIGNING_KEY ?? null,
    secretKeys: env.AEGIS_SECRET_KEY ?? null,
    manifestKey: env.AUDIT_MANIFEST_KEY ?? null,
  };
}

function readPrivateKey(text: string): KeyObject | null {
  try {
    if (text.startsWith('PRIVATE+KEY+')) return parseSignerKey(text).privateKey;
    // Where a variable cannot hold line feeds, \n stands for one.
    return createPrivateKey(text.replaceAll(String.raw`\n`, '\n'));
  } catch (error) {
    if (error instanceof FormatError || (error instanceof Error && 'code' in error)) return null;
    throw error;
  }
}
