import { ProblemError } from '@aegis/contracts/problems';
import { describeFault, type Fault } from '../../domain/chain-check.ts';

export function refusal(fault: Fault): ProblemError {
  return new ProblemError('export_refused', describeFault(fault));
}

export function refuse(what: string): never {
  throw new ProblemError('export_refused', what);
}
