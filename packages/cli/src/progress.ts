const WIDTH = 30;
const REDRAW_MS = 100;
const PLAIN_LINE_MS = 5_000;

/** A bar on a terminal; where output is collected, a plain line every few seconds. Writes to standard error. */
export interface Progress {
  update(done: number, note: string): void;
  finish(): void;
}

export function startProgress(total: number, unit: string): Progress {
  const startedAt = performance.now();
  const terminal = process.stderr.isTTY;
  const pauseMs = terminal ? REDRAW_MS : PLAIN_LINE_MS;
  let shownAt = 0;
  let line = '';

  function show(done: number, note: string): void {
    const seconds = (performance.now() - startedAt) / 1000;
    const rate = Math.round(done / Math.max(seconds, 0.001));
    const left = rate > 0 ? Math.ceil((total - done) / rate) : 0;
    const share = total === 0 ? 1 : done / total;
    const filled = Math.round(share * WIDTH);
    const bar = terminal ? `${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)} ` : '';
    line = `${bar}${Math.floor(share * 100)} %  ${done.toLocaleString('en')} of ${total.toLocaleString('en')} ${unit}, ${rate.toLocaleString('en')}/s, ${left} s left  ${note}`;
    process.stderr.write(terminal ? `\r\u001B[2K${line}` : `${line}\n`);
  }

  return {
    update(done, note) {
      const now = performance.now();
      if (now - shownAt < pauseMs) return;
      shownAt = now;
      show(done, note);
    },
    finish() {
      if (terminal && line !== '') process.stderr.write('\n');
    },
  };
}

/** One bar after another, for a job of several steps. */
export interface Steps {
  /** The first update of another unit begins the next step. */
  update(unit: string, done: number, total: number, note?: string): void;
  finish(): void;
}

export function startSteps(): Steps {
  let step: { readonly unit: string; readonly progress: Progress } | null = null;
  return {
    update(unit, done, total, note = '') {
      if (step?.unit !== unit) {
        step?.progress.finish();
        step = { unit, progress: startProgress(total, unit) };
      }
      step.progress.update(done, note);
    },
    finish: () => step?.progress.finish(),
  };
}
