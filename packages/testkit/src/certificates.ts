import 'reflect-metadata';
import type { webcrypto } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  BasicConstraintsExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import type { TlsFiles } from '@aegis/grpc/tls-config';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const HOUR_MS = 3_600_000;

export interface Authority {
  /** Writes a certificate for these DNS names, its key and the authority's certificate as PEM files in a new folder. */
  issue(names: readonly string[]): Promise<TlsFiles & { dir: string; serialNumber: string }>;
}

/** A certificate authority in memory; what it issues goes below `dir`. */
export async function createAuthority(name: string, dir: string): Promise<Authority> {
  const keys = await generateKeys();
  const validity = () => ({ notBefore: new Date(Date.now() - HOUR_MS), notAfter: new Date(Date.now() + HOUR_MS) });
  const root = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [new BasicConstraintsExtension(true, undefined, true)],
    ...validity(),
  });
  return {
    async issue(names) {
      const own = await generateKeys();
      const certificate = await X509CertificateGenerator.create({
        subject: `CN=${names[0]}`,
        issuer: root.subject,
        publicKey: own.publicKey,
        signingKey: keys.privateKey,
        signingAlgorithm: ALGORITHM,
        extensions: [new SubjectAlternativeNameExtension(names.map((value) => ({ type: 'dns', value })))],
        ...validity(),
      });
      return writeFiles(await mkdtemp(join(dir, 'issued-')), certificate, own.privateKey, root);
    },
  };
}

async function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

async function writeFiles(dir: string, certificate: X509Certificate, key: webcrypto.CryptoKey, root: X509Certificate) {
  const files = { certFile: join(dir, 'tls.crt'), keyFile: join(dir, 'tls.key'), caFile: join(dir, 'ca.crt') };
  await writeFile(files.certFile, certificate.toString('pem'));
  await writeFile(files.keyFile, PemConverter.encode(await crypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY'));
  await writeFile(files.caFile, root.toString('pem'));
  return { ...files, dir, serialNumber: certificate.serialNumber };
}
