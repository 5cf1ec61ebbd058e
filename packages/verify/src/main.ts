import { follow } from './commands/follow.ts';
import type { Terminal } from './commands/terminal.ts';
import { UsageError } from './commands/usage-error.ts';
import { verifyBundle } from './commands/verify-bundle.ts';

const HELP = `aegis-verify: checks an audit log's exports offline

Usage: aegis-verify BUNDLE.zip|FOLDER --vkey KEY [--jwk FILE] [--from-checkpoint FILE] [--json]
       aegis-verify follow --vkey KEY --from FILE --to FILE --proof FILE [--json]

  --vkey KEY              the log's verifier key, NAME+ID+KEY (C2SP signed note); again for each key since it changed
  --jwk FILE              the key of manifests, a JWK; without it their signature is not checked
  --from-checkpoint FILE  the checkpoint kept from an earlier bundle: is this the same log, grown?
  --from, --to FILE       follow: the kept checkpoint, and the newer one
  --proof FILE            follow: the consistency proof between them, hashes in base64
  --json                  the result as JSON

The keys must reach you apart from the bundle. No network is used, and nothing is written.
Ends with 0 when everything holds, 1 when something does not (and says where), 2 when it was called wrongly.
`;

const terminal: Terminal = {
  print: (text) => void process.stdout.write(text),
  progress(line) {
    if (process.stderr.isTTY) process.stderr.write(`\r${line}\u001b[K`);
  },
};

const [first, ...rest] = process.argv.slice(2);
if (first === undefined || first === '--help' || first === 'help' || rest.includes('--help')) {
  (first === undefined ? process.stderr : process.stdout).write(HELP);
  process.exitCode = first === undefined ? 2 : 0;
} else {
  try {
    process.exitCode = await (first === 'follow' ? follow(rest, terminal) : verifyBundle([first, ...rest], terminal));
  } catch (error) {
    if (!isCallersFault(error)) throw error;
    process.stderr.write(`${error.message}\n\nSee aegis-verify --help\n`);
    process.exitCode = 2;
  } finally {
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  }
}

/** Of our own, or of `parseArgs`. */
function isCallersFault(error: unknown): error is Error {
  const isUnknownOption =
    error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
  return error instanceof UsageError || isUnknownOption;
}
