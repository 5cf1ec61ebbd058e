/** Something to wait for that may have happened already. Waiting consumes it. */
export class Signal {
  #set = false;
  #wake: (() => void) | undefined;

  set(): void {
    this.#set = true;
    this.#wake?.();
  }

  /** Resolves to true at the next `set`, at once if there was one since the last wait; to false after `timeoutMs`. */
  async wait(timeoutMs: number): Promise<boolean> {
    if (!this.#set) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, timeoutMs);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.#wake = undefined;
    }
    const happened = this.#set;
    this.#set = false;
    return happened;
  }
}
