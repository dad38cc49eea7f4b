// Jest's JSON report counted test by test.

/** Tests of one file; a file that does not load counts as one failure. */
function countsOf({ assertionResults, status }) {
  const of = (...states) => assertionResults.filter((each) => states.includes(each.status)).length;
  const failed = of('failed');
  return {
    passed: of('passed'),
    failed: failed || (status === 'failed' ? 1 : 0),
    skipped: of('pending', 'todo', 'skipped', 'disabled'),
  };
}

/** The sum over all files, with the words of those that failed and the names of skipped tests. A run without a test has failed. */
export function countJest(report) {
  const sum = { passed: 0, failed: report.numTotalTests === 0 ? 1 : 0, skipped: 0 };
  for (const file of report.testResults) {
    const one = countsOf(file);
    for (const key of Object.keys(sum)) sum[key] += one[key];
    if (file.status === 'failed') console.log(file.name, '\n', file.message);
    for (const each of file.assertionResults) if (each.status === 'pending') console.log(`skipped: ${each.fullName}`);
  }
  return sum;
}
