import { randomInt } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Network } from '../services.ts';

/**
 * Each replica has an address of its own on loopback, as each pod of a cluster has, and a new one when it is replaced.
 * The name of a service stands for all that are ready, as in a cluster's DNS for headless services.
 */
export function podNetwork(dir: string): Network {
  const file = join(dir, 'names.json');
  // Others on this machine may do the same.
  const prefix = `127.${randomInt(64, 250)}.${randomInt(250)}`;
  let last = 0;
  const network: Network = {
    env: { AEGIS_TEST_NAMES: file },
    hostOf: (name) => `${name}.aegis.test`,
    nextAddress: () => `${prefix}.${++last}`,
    announce(ready) {
      const names = [...ready].map(([name, addresses]) => [network.hostOf(name), addresses]);
      writeFileSync(`${file}.next`, JSON.stringify(Object.fromEntries(names)));
      renameSync(`${file}.next`, file);
    },
  };
  network.announce(new Map());
  return network;
}
