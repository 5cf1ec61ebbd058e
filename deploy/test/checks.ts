/** Says line by line what holds and what does not. */
export class Checks {
  #failed = 0;

  hold(what: string, holds: boolean): void {
    console.log(`${holds ? 'ok    ' : 'FAILED'} ${what}`);
    if (!holds) this.#failed += 1;
  }

  get exitCode(): 0 | 1 {
    return this.#failed === 0 ? 0 : 1;
  }
}

/** Progress, for whoever waits. */
export function note(text: string): void {
  process.stderr.write(`… ${text}\n`);
}
