import type { ChildProcess } from 'node:child_process';

const children = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

/** What a command started does not outlive it, however it ends, short of SIGKILL. */
export function endWithParent(child: ChildProcess): void {
  children.add(child);
  child.once('exit', () => children.delete(child));
}
