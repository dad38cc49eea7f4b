// Jest's results counted test by test, with a second try for files that fail.

/** Tests of one file; a file that does not load counts as one failure. */
function tally({ assertionResults, status }) {
  const of = (...states) => assertionResults.filter((each) => states.includes(each.status)).length;
  const failed = of('failed');
  return {
    passed: of('passed'),
    failed: failed || (status === 'failed' ? 1 : 0),
    skipped: of('pending', 'todo', 'skipped', 'disabled'),
  };
}

/**
 * Runs Jest by `runJest(words)`, which answers its JSON report or undefined where it did not get that far. Files that fail are
 * run once more, alone, for a busy machine makes waiting for real servers miss its time now and then; what passed only then is
 * named, and what fails twice has failed. Answers `{ sum, files, again }`: the counts, how many files, how many of them took a
 * second try; undefined without a first report.
 */
export async function jestTwice(runJest) {
  const first = await runJest([]);
  if (!first) return undefined;
  const files = new Map(first.testResults.map((file) => [file.name, file]));
  const failing = first.testResults.filter((file) => file.status === 'failed');
  for (const file of failing) console.log(file.name, '\n', file.message);
  const again =
    failing.length > 0 ? await runJest(['--runTestsByPath', ...failing.map((file) => file.name)]) : undefined;
  for (const file of again?.testResults ?? []) {
    files.set(file.name, file);
    console.log(`second try: ${file.status} ${file.name}`, file.status === 'failed' ? `\n${file.message}` : '');
  }
  const sum = { passed: 0, failed: first.numTotalTests === 0 ? 1 : 0, skipped: 0 };
  for (const file of files.values()) {
    const one = tally(file);
    for (const key of Object.keys(sum)) sum[key] += one[key];
    for (const each of file.assertionResults) if (each.status === 'pending') console.log(`skipped: ${each.fullName}`);
  }
  return { sum, files: files.size, again: again ? failing.length : 0 };
}
