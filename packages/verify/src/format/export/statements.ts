/** What every manifest claims, and no more. */
export const CLAIM =
  'The fields are mapped by us to the provisions listed. The files are readable without our software. Integrity and ' +
  'completeness of the range can be checked offline. Not approved or endorsed by any authority.';

/** What no bundle proves. */
export const LIMITS: readonly string[] = [
  'Nothing proves that an event was recorded which never reached the log.',
  'Nothing excludes that another log is shown to somebody else, unless checkpoints are kept and compared, or witnessed.',
  'What an entry says is what the system recorded; that it is true of the world is not proved.',
  'Erased values cannot be shown any more; their salted digests remain in the leaves.',
  'Figures of the operational database are told by the service and are not in the log.',
];

/** `VERIFY.md` of every bundle. */
export const INSTRUCTIONS = `# How to check this bundle

You need two keys that you did not get with this bundle: the log's verifier key (it begins with the log's name) and the
manifest key (a JWK). Whoever gave you the bundle hands them over another way; keep them.

## With the verifier
One command, no network, Node.js 20.15 or later:

    aegis-verify BUNDLE.zip --vkey 'NAME+ID+KEY' --jwk manifest-key.json

Add \`--from-checkpoint FILE\` with the checkpoint of an earlier bundle, where this one was asked for with it: the command
then also proves that nothing before it was changed. It ends with 0 only if everything holds, and names the place if not.

## Without our software
- \`checkpoint\` is a C2SP signed note: any implementation of c2sp.org/signed-note opens it with the verifier key. Its three
  lines are the log's name, the number of entries, and the Merkle root (RFC 6962, SHA-256) in base64. After a change of key it
  is signed by the new key and the one before it.
- Each line of \`leaves.ndjson\` is one entry, exactly as it is in the tree: SHA-256 of a zero byte and the line, without its
  line feed, is its leaf hash, and the next line's \`prev\`. Lines that say \`aegis.withheld/1\` stand for entries outside the
  filter and give their \`leaf_hash\`.
- \`proof.json\` holds the hashes to the left and to the right of the range (RFC 6962 subtrees, largest first on the left), in
  base64: left, leaves and right together give the root of the checkpoint. \`before\` and \`after\` are the neighbouring entries
  with proofs in the form of c2sp.org/tlog-proof@v1, and show by their \`recorded_at\` where the time was cut. \`prior\` is the
  earlier checkpoint, with the consistency proof (RFC 6962) from there on.
- Each line of \`disclosures.ndjson\` is JSON, \`{"disclosures":{PATH:TEXT,…},"seq":N}\`, of one entry whose \`sd\` can be shown;
  the others have no line. TEXT is base64url, without padding, of the JSON [salt, PATH, value], and base64url of SHA-256 over
  the characters of TEXT is what the leaf has in \`sd\` under PATH, a JSON Pointer into the leaf. A path of \`sd\` without TEXT
  was erased. Under \`/data\` the value is the whole of the data, as the text that was recorded.
- \`manifest.json\` (RFC 8785) has the SHA-256 of each file; \`manifest.jws\` is a compact JWS over it (Ed25519, RFC 9864).
- \`records\` repeats the entries in the columns of the standard. In CSV a cell that begins with an apostrophe has one more
  than was recorded; cells over 32,000 characters hold their SHA-256.

## What this does not prove
${LIMITS.map((limit) => `- ${limit}`).join('\n')}
`;
