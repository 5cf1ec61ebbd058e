import type pg from 'pg';
import { parseIntoClientConfig } from 'pg-connection-string';
import { parsers } from './types.ts';

/** `pipeline`: statements are sent without waiting for the answers to those before. */
export type ConnectionConfig = pg.ClientConfig & { readonly pipeline: boolean };

/** Settings of a session (`search_path`, `role`, time-outs, …) by name. */
export type SessionSettings = Readonly<Record<string, string | number>>;

/**
 * The configuration of a connection whose session starts with `settings`. They travel in the start-up packet, which
 * costs no round trip and leaves no moment without them; settings in the URL (`?options=`) stay unless overridden.
 */
export function connectionConfig(url: string, settings: SessionSettings): ConnectionConfig {
  const config = parseIntoClientConfig(url);
  const statementTimeoutMs = Number(settings.statement_timeout ?? 0);
  const options = Object.entries(settings).map(([name, value]) => `-c ${name}=${escapeOption(String(value))}`);
  return {
    ...config,
    options: [config.options, ...options].filter(Boolean).join(' '),
    types: parsers,
    pipeline: true,
    keepAlive: true,
    connectionTimeoutMillis: 10_000,
    // The server's own time-out answers first; this one is for a server that no longer answers at all.
    ...(statementTimeoutMs > 0 && { query_timeout: statementTimeoutMs + 2_000 }),
  };
}

/** The server splits `options` at spaces, unless a backslash stands before them. */
function escapeOption(value: string): string {
  return value.replaceAll(/[\\ ]/g, '\\$&');
}
