import { promises as dns } from 'node:dns';
import { readFileSync } from 'node:fs';

/**
 * Preloaded into services: answers for the names of services as a cluster's DNS does for headless ones, with the addresses
 * of all replicas that are ready, from the JSON file `AEGIS_TEST_NAMES` ({name: [address]}). Other names go on to the system.
 */
const file = process.env.AEGIS_TEST_NAMES ?? '';
const { lookup } = dns;

dns.lookup = (async (name: string, options: { all: true }) => {
  const names = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string[]>;
  const addresses = names[name];
  if (!addresses) return lookup(name, options);
  if (addresses.length === 0) throw Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND' });
  return addresses.map((address) => ({ address, family: 4 }));
}) as typeof lookup;
