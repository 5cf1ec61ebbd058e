import type { Finding, VerificationProgress } from '../src/usecases/verify-decisions.ts';

export const EVERYTHING = { from: null, to: null, agentId: null };

/** The last word of a verification, with everything it found on the way. */
export async function verification(
  progress: AsyncIterable<VerificationProgress>,
): Promise<VerificationProgress & { readonly findings: readonly Finding[] }> {
  const findings: Finding[] = [];
  let last: VerificationProgress | undefined;
  for await (const step of progress) {
    findings.push(...step.findings);
    last = step;
  }
  if (!last) throw new Error('the verification said nothing');
  return { ...last, findings };
}
