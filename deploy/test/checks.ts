/** Says line by line what holds and what does not. */
export class Checks {
  #passed = 0;
  #failed = 0;

  hold(what: string, holds: boolean): void {
    this.#say(what, holds);
    if (holds) this.#passed += 1;
    else this.#failed += 1;
  }

  /** A suite of tests, each of which counts. One that ends badly has failed, whatever its tests say. */
  suite(what: string, { passed, failed }: { readonly passed: number; readonly failed: number }, holds: boolean): void {
    this.#say(`${what}: ${passed} passed, ${failed} failed`, holds);
    this.#passed += passed;
    this.#failed += holds ? failed : Math.max(1, failed);
  }

  #say(what: string, holds: boolean): void {
    console.log(`${holds ? 'ok    ' : 'FAILED'} ${what}`);
  }

  get exitCode(): 0 | 1 {
    return this.#failed === 0 ? 0 : 1;
  }

  /** The counts, by the names that a JSON report of vitest has for them. */
  report() {
    return { numPassedTests: this.#passed, numFailedTests: this.#failed, numFailedTestSuites: 0 };
  }
}

/** Progress, for whoever waits. */
export function note(text: string): void {
  process.stderr.write(`… ${text}\n`);
}
