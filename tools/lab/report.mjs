// Checks of a lab, told one line each and counted; the last line is the one every suite of the project ends with.

/** How a check says that it could not be made here, and why. */
export class Skip extends Error {}

const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`;

/** Collects the results of checks. */
export class Report {
  passed = 0;
  failed = 0;
  skipped = 0;
  #began = Date.now();

  /** A line between checks. */
  say(line) {
    console.log(`     ${line}`);
  }

  /** Runs one check; a check fails by throwing. Tells whether it passed, for those that build on it. */
  async check(name, work) {
    const since = Date.now();
    try {
      const words = await work();
      this.passed++;
      console.log(
        `ok   ${name}  ${seconds(since)}${typeof words === 'string' && !words.includes('\n') ? `  (${words})` : ''}`,
      );
      return true;
    } catch (error) {
      if (error instanceof Skip) {
        this.skipped++;
        console.log(`skip ${name}: ${error.message}`);
        return false;
      }
      this.failed++;
      console.log(`FAIL ${name}  ${seconds(since)}`);
      console.log(String(error?.message ?? error).replace(/^/gm, '       '));
      return false;
    }
  }

  /** Counts what another program checked. */
  add({ passed = 0, failed = 0, skipped = 0 }) {
    this.passed += passed;
    this.failed += failed;
    this.skipped += skipped;
  }

  /** Prints the last lines; the exit code is 1 where anything failed. */
  end() {
    console.log(`took ${seconds(this.#began)}`);
    const skipped = this.skipped ? `, ${this.skipped} skipped` : '';
    console.log(`${this.passed} passed, ${this.failed} failed${skipped}`);
    // A suite that checked nothing has not passed.
    return this.failed || !this.passed ? 1 : 0;
  }
}

/** Fails the check with the words unless the condition holds. */
export function expect(condition, words) {
  if (!condition) throw new Error(words);
}
