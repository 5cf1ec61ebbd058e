import { ProblemError } from '@aegis/contracts/problems';
import type { Logger } from '@aegis/runtime/log';
import { decodeJwt, errors, type JWTPayload, jwtVerify, type JWTVerifyOptions } from 'jose';
import { z } from 'zod';
import { type ClaimMapping, externalIdentity, type ExternalIdentity } from '../domain/identity/external-claims.ts';
import { createJwksSource, fetchSmallJson } from './jwks-source.ts';
import type { SigningKeys } from './signing-keys.ts';

/** The built-in issuer. */
export interface IssuerSettings {
  readonly issuer: string;
  readonly audience: string;
}

/** An external OpenID provider, and the one organisation whose people it names. */
export interface OidcSettings extends IssuerSettings, ClaimMapping {
  /** Null: found by discovery. */
  readonly jwksUrl: string | null;
  readonly organizationId: string;
}

/** Whom a token with a good signature is about; `expiresAt` is in milliseconds since the epoch. */
export type VerifiedToken = { readonly expiresAt: number } & (
  | {
      readonly kind: 'local';
      readonly userId: string;
      readonly organizationId: string;
      readonly sessionVersion: number;
    }
  | { readonly kind: 'external'; readonly organizationId: string; readonly identity: ExternalIdentity }
);

/** Throws ProblemError: `unauthenticated`, or `unavailable` while the issuer's keys cannot be had. */
export type TokenVerifier = (token: string) => Promise<VerifiedToken>;

export const ACCESS_TOKEN_TYPE = 'at+jwt';

const CLOCK_TOLERANCE_SECONDS = 5;
const MAX_SUBJECT_LENGTH = 255;

/** Fixed here and not taken from the token: a symmetric algorithm over a public key, or none at all, proves nothing. */
const LOCAL_ALGORITHMS = ['EdDSA'];
const EXTERNAL_ALGORITHMS = ['RS256', 'ES256', 'EdDSA'];

const localClaims = z.object({ sub: z.guid(), org: z.guid(), sv: z.int(), exp: z.number() });

export function createTokenVerifier(deps: {
  readonly keys: Pick<SigningKeys, 'verificationKey'>;
  readonly local: IssuerSettings;
  readonly oidc: OidcSettings | null;
  readonly log: Logger;
  readonly fetchJson?: (url: string) => Promise<unknown>;
}): TokenVerifier {
  const { keys, local, oidc, log, fetchJson = fetchSmallJson } = deps;
  const externalKeys = oidc ? createJwksSource({ locate: () => locateJwks(oidc, fetchJson), fetchJson, log }) : null;

  async function verifyLocal(token: string): Promise<VerifiedToken> {
    const { payload } = await jwtVerify(token, ({ kid }) => keys.verificationKey('login', kid), {
      ...options(local, LOCAL_ALGORITHMS),
      typ: ACCESS_TOKEN_TYPE,
    });
    const { sub, org, sv, exp } = localClaims.parse(payload);
    return { kind: 'local', userId: sub, organizationId: org, sessionVersion: sv, expiresAt: exp * 1000 };
  }

  async function verifyExternal(token: string, settings: OidcSettings): Promise<VerifiedToken> {
    const { payload } = await jwtVerify(token, externalKeys!, options(settings, EXTERNAL_ALGORITHMS));
    const { sub = '', exp = 0 } = payload;
    if (sub === '' || sub.length > MAX_SUBJECT_LENGTH || sub.includes('\0')) throw refused('its subject is unusable');
    const identity = externalIdentity({ ...payload, iss: settings.issuer, sub }, settings);
    return { kind: 'external', organizationId: settings.organizationId, identity, expiresAt: exp * 1000 };
  }

  return async (token) => {
    try {
      // Unverified, it only chooses who is to verify.
      const { iss } = readPayload(token);
      if (iss === local.issuer) return await verifyLocal(token);
      if (oidc && iss === oidc.issuer) return await verifyExternal(token, oidc);
    } catch (error) {
      if (error instanceof errors.JOSEError || error instanceof z.ZodError) throw refused(reason(error));
      throw error;
    }
    throw refused('its issuer is not known here');
  };
}

function options({ issuer, audience }: IssuerSettings, algorithms: string[]): JWTVerifyOptions {
  return { algorithms, issuer, audience, requiredClaims: ['exp', 'sub'], clockTolerance: CLOCK_TOLERANCE_SECONDS };
}

function readPayload(token: string): JWTPayload {
  try {
    return decodeJwt(token);
  } catch {
    throw refused('it is neither a token nor an API key');
  }
}

function refused(why: string): ProblemError {
  return new ProblemError('unauthenticated', `the token is refused: ${why}`);
}

function reason(error: errors.JOSEError | z.ZodError): string {
  if (error instanceof errors.JWTExpired) return 'it has expired';
  if (error instanceof errors.JWTClaimValidationFailed) return `its claim ${error.claim} is not as it must be`;
  return 'its signature cannot be verified';
}

const discoveryDocument = z.object({ issuer: z.string(), jwks_uri: z.url() });

/** OpenID Connect Discovery 1.0, section 4: the document must name the issuer that was asked for. */
async function locateJwks(oidc: OidcSettings, fetchJson: (url: string) => Promise<unknown>): Promise<string> {
  if (oidc.jwksUrl !== null) return oidc.jwksUrl;
  const url = `${oidc.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const document = discoveryDocument.parse(await fetchJson(url));
  if (document.issuer !== oidc.issuer) throw new Error(`${url} describes another issuer`);
  return document.jwks_uri;
}
