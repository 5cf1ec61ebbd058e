import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { ConfigError } from '@aegis/runtime/config';
import { ChannelCredentials, ServerCredentials, experimental } from '@grpc/grpc-js';
import type { TlsFiles } from './tls-config.ts';

const REFRESH_MS = 60_000;

/** With files: TLS that demands a certificate of the same authority from every client. Null: plaintext. */
export async function serverCredentials(tls: TlsFiles | null): Promise<ServerCredentials> {
  if (!tls) return ServerCredentials.createInsecure();
  const files = watchFiles(tls);
  await firstRead(files);
  return experimental.createCertificateProviderServerCredentials(files, files, true);
}

/** With files: TLS that verifies the server's name and shows our certificate. Null: plaintext. */
export function channelCredentials(tls: TlsFiles | null): ChannelCredentials {
  if (!tls) return ChannelCredentials.createInsecure();
  const files = watchFiles(tls);
  return experimental.createCertificateProviderChannelCredentials(files, files);
}

/** Until its first read the server would drop every connection. */
function firstRead(files: experimental.FileWatcherCertificateProvider): Promise<void> {
  return new Promise((resolve) => {
    const loaded = () => {
      files.removeIdentityCertificateListener(loaded);
      resolve();
    };
    files.addIdentityCertificateListener(loaded);
  });
}

/**
 * Certificates live for weeks, processes for longer: a renewed file is taken up without a restart. grpc-js calls this part
 * experimental, so a test holds it to what is needed here.
 */
function watchFiles(tls: TlsFiles) {
  checkFiles(tls);
  return new experimental.FileWatcherCertificateProvider({
    certificateFile: tls.certFile,
    privateKeyFile: tls.keyFile,
    caCertificateFile: tls.caFile,
    refreshIntervalMs: tls.refreshMs ?? REFRESH_MS,
  });
}

/** The watcher would treat a missing or broken file as one that may still come; at the start it is a mistake. */
function checkFiles({ certFile, keyFile, caFile }: TlsFiles): void {
  try {
    createSecureContext({ cert: readFileSync(certFile), key: readFileSync(keyFile), ca: readFileSync(caFile) });
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unreadable';
    throw new ConfigError(`gRPC's certificates (${certFile}, ${keyFile}, ${caFile}) cannot be used: ${reason}`);
  }
}
